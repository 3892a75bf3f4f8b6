import Foundation
import OutboundHTTP
import ServiceKit
import SharedModels

/// Files in a bucket of Amazon S3, or of another server with the same protocol.
struct S3Storage: FileStorage {
    /// The limit for one call including its repeats: enough for 5 MiB over a slow line.
    private static let deadline = Duration.seconds(25)

    /// A longer file is several objects of this length, in bytes, so that no more than one is in memory.
    static let part = 8 << 20

    private let http: OutboundHTTP
    private let origin: String
    private let host: String
    /// The part of the path before a file's name: `/bucket/`.
    private let prefix: String
    private let signature: RequestSignature
    private let now: @Sendable () -> Timestamp
    private let disk = BlockingQueue("storage")

    /// - Parameter now: The time for S3, independent of the marketplace's clock.
    init(
        _ settings: S3Settings, http: OutboundHTTP,
        now: @escaping @Sendable () -> Timestamp = { Timestamp(seconds: Int64(Date().timeIntervalSince1970)) }
    ) {
        self.http = http
        self.now = now
        origin = settings.origin
        host = settings.host
        prefix = "\(settings.path)/\(settings.bucket)/"
        signature = RequestSignature(
            accessKey: settings.accessKey, secretKey: settings.secretKey, region: settings.region,
            service: "s3")
    }

    func put(_ content: FileContent, as id: FileID, _ type: FileType) async throws {
        let parts = content.pieces(of: Self.part)
        for (number, range) in (parts.isEmpty ? [0..<0] : parts).enumerated() {
            let bytes = try await disk.run { try content.read(range) }
            let answer = try await send(.put, Self.object(number, of: id), body: bytes, type: type)
            guard answer.status == 200 else { throw Self.failure("PUT", answer) }
        }
    }

    func get(_ id: FileID, _ range: Range<Int>) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        var position = range.lowerBound
        while position < range.upperBound {
            let start = position % Self.part
            let count = min(range.upperBound - position, Self.part - start)
            guard let part = try await get(Self.object(position / Self.part, of: id), start..<start + count) else {
                return nil
            }
            bytes += part
            position += count
            // The length of an old file is not known.
            guard part.count == count else { break }
        }
        return bytes
    }

    private func get(_ object: String, _ range: Range<Int>) async throws -> [UInt8]? {
        let answer = try await send(.get, object, range: range)
        // Without the right to list, S3 answers 403 for an object that does not exist. That is a mistake in the
        // bucket's policy.
        if answer.status == 404 { return nil }
        let isAnswered = answer.status == 206 || (answer.status == 200 && range.lowerBound == 0)
        guard isAnswered, answer.body.count <= range.count else { throw Self.failure("GET", answer) }
        return answer.body
    }

    func remove(_ id: FileID, length: Int) async throws {
        for number in 0..<max(1, (length + Self.part - 1) / Self.part) {
            let answer = try await send(.delete, Self.object(number, of: id))
            guard [200, 204, 404].contains(answer.status) else { throw Self.failure("DELETE", answer) }
        }
    }

    /// The first object has the file's own name.
    private static func object(_ number: Int, of id: FileID) -> String { number == 0 ? "\(id)" : "\(id).\(number)" }

    private func send(
        _ method: OutboundRequest.Method, _ object: String, body: [UInt8]? = nil, type: FileType? = nil,
        range: Range<Int>? = nil
    ) async throws -> OutboundResponse {
        let moment = now()
        let digest = RequestSignature.digest(body ?? [])
        let signed =
            [
                ("host", host), ("x-amz-content-sha256", digest),
                ("x-amz-date", RequestSignature.date(moment)),
            ] + (type.map { [("content-type", $0.rawValue)] } ?? [])
        let path = prefix + object
        let authorization = signature.authorization(
            of: .init(method: method.rawValue, path: path, headers: signed, payloadDigest: digest), at: moment
        )
        let ranges = range.map { [("range", "bytes=\($0.lowerBound)-\($0.upperBound - 1)")] } ?? []
        // curl writes the header `Host` itself.
        var request = OutboundRequest(
            method, origin + path, headers: signed.dropFirst() + ranges + [("authorization", authorization)],
            body: body, idempotencyKey: object)
        request.deadline = Self.deadline
        request.maximumResponseBytes = Self.part + 1
        do {
            return try await http.send(request, .provider)
        } catch let error as OutboundError {
            throw StorageFailure(reason: "S3 cannot be reached: \(error)")
        }
    }

    private static func failure(_ call: String, _ answer: OutboundResponse) -> StorageFailure {
        let body = String(decoding: answer.body.prefix(300), as: UTF8.self)
        return StorageFailure(reason: "\(call) answered \(answer.status): \(body)")
    }
}
