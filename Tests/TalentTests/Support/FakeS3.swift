import ServiceKit
import SharedModels
import Synchronization
import TestSupport

@testable import TalentService

/// S3, as far as talent uses it: one bucket, which refuses every request with a wrong signature.
final class FakeS3: Sendable {
    static let signature = RequestSignature(
        accessKey: "guildhall", secretKey: Secret("s3cr3t/key+="), region: "eu-central-1", service: "s3")

    private struct State {
        var objects: [String: (bytes: [UInt8], type: String?)] = [:]
        var faults = 0
    }

    private let state = Mutex(State())

    /// By their paths.
    var objects: [String: (bytes: [UInt8], type: String?)] { state.withLock { $0.objects } }

    /// Answers the next calls with 503.
    func fail(_ times: Int) { state.withLock { $0.faults = times } }

    static func use<Result: Sendable>(_ body: @Sendable (FakeS3, String) async throws -> Result) async throws
        -> Result
    {
        let s3 = FakeS3()
        return try await LocalServer.serve(s3.answer) { try await body(s3, $0) }
    }

    @Sendable private func answer(_ asked: LocalServer.Asked) -> LocalServer.Answer {
        guard Self.isSigned(asked) else {
            return .init(status: 403, body: Array("SignatureDoesNotMatch".utf8))
        }
        guard asked.path.hasPrefix("/guild.files/"), asked.query.isEmpty else { return .init(status: 404) }
        return state.withLock { state in
            if state.faults > 0 {
                state.faults -= 1
                return .init(status: 503, body: Array("SlowDown".utf8))
            }
            switch asked.method {
            case "PUT":
                state.objects[asked.path] = (asked.body, asked.headers["content-type"])
                return .init()
            case "DELETE":
                state.objects[asked.path] = nil
                return .init(status: 204)
            default:
                guard let object = state.objects[asked.path] else { return .init(status: 404) }
                guard let range = asked.headers["range"].flatMap(Self.range) else { return .init(body: object.bytes) }
                guard range.lowerBound < object.bytes.count else { return .init(status: 416) }
                return .init(status: 206, body: Array(object.bytes[range.clamped(to: 0..<object.bytes.count)]))
            }
        }
    }

    /// `bytes=0-9`
    private static func range(_ text: String) -> Range<Int>? {
        let ends = text.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
        return ends.count == 2 ? ends[0]..<ends[1] + 1 : nil
    }

    /// Signs the request as it came, and compares.
    private static func isSigned(_ asked: LocalServer.Asked) -> Bool {
        guard
            let authorization = asked.headers["authorization"], let date = asked.headers["x-amz-date"],
            let digest = asked.headers["x-amz-content-sha256"], digest == RequestSignature.digest(asked.body),
            let names = authorization.split(separator: ",").first(where: { $0.hasPrefix("SignedHeaders=") })?
                .dropFirst("SignedHeaders=".count).split(separator: ";").map(String.init),
            Set(names).isSuperset(of: ["host", "x-amz-content-sha256", "x-amz-date"]),
            let moment = moment(date)
        else { return false }
        let signed = names.map { (name: $0, value: asked.headers[$0] ?? "") }
        return authorization
            == signature.authorization(
                of: .init(method: asked.method, path: asked.path, headers: signed, payloadDigest: digest),
                at: moment)
    }

    /// `20260101T000000Z`
    private static func moment(_ text: String) -> Timestamp? {
        let d = Array(text)
        guard d.count == 16 else { return nil }
        func part(_ range: Range<Int>) -> String { String(d[range]) }
        return Timestamp(
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
    }
}
