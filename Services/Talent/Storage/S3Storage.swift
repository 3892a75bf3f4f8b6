import Foundation
import OutboundHTTP
import ServiceKit
import SharedModels

/// Files in a bucket of Amazon S3, or of another server with the same protocol.
struct S3Storage: FileStorage {
    /// The limit for one call including its repeats: enough for 5 MiB over a slow line.
    private static let deadline = Duration.seconds(25)

    private let http: OutboundHTTP
    private let origin: String
    private let host: String
    /// The part of the path before a file's name: `/bucket/`.
    private let prefix: String
    private let signature: RequestSignature
    private let now: @Sendable () -> Timestamp

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

    func put(_ bytes: [UInt8], as id: FileID, _ type: FileType) async throws {
        let answer = try await send(.put, id, body: bytes, type: type)
        guard answer.status == 200 else { throw Self.failure("PUT", answer) }
    }

    func get(_ id: FileID) async throws -> [UInt8]? {
        let answer = try await send(.get, id)
        // Without the right to list, S3 answers 403 for an object that does not exist. That is a mistake in the
        // bucket's policy.
        if answer.status == 404 { return nil }
        guard answer.status == 200 else { throw Self.failure("GET", answer) }
        return answer.body
    }

    func remove(_ id: FileID) async throws {
        let answer = try await send(.delete, id)
        guard [200, 204, 404].contains(answer.status) else { throw Self.failure("DELETE", answer) }
    }

    private func send(
        _ method: OutboundRequest.Method, _ id: FileID, body: [UInt8]? = nil, type: FileType? = nil
    ) async throws -> OutboundResponse {
        let moment = now()
        let digest = RequestSignature.digest(body ?? [])
        let signed =
            [
                ("host", host), ("x-amz-content-sha256", digest),
                ("x-amz-date", RequestSignature.date(moment)),
            ] + (type.map { [("content-type", $0.rawValue)] } ?? [])
        let path = prefix + "\(id)"
        let authorization = signature.authorization(
            of: .init(method: method.rawValue, path: path, headers: signed, payloadDigest: digest), at: moment
        )
        // curl writes the header `Host` itself.
        var request = OutboundRequest(
            method, origin + path, headers: signed.dropFirst() + [("authorization", authorization)],
            body: body,
            idempotencyKey: "\(id)")
        request.deadline = Self.deadline
        request.maximumResponseBytes = ResumeEndpoints.file.maximum + 1
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
