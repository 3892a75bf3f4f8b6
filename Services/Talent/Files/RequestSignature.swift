import Crypto
import Foundation
import ServiceKit
import SharedModels

/// AWS Signature Version 4, in headers (AWS, "Signature Version 4 for API requests").
struct RequestSignature: Sendable {
    let accessKey: String
    let secretKey: Secret
    /// Such as `eu-central-1`.
    let region: String
    /// Such as `s3`.
    let service: String

    /// A request to be signed. Ours never have a query.
    struct Subject: Sendable {
        let method: String
        /// The path as it is sent, percent-encoded.
        let path: String
        /// The headers to sign, including `host`.
        let headers: [(name: String, value: String)]
        /// The digest of the body, in hexadecimal.
        let payloadDigest: String
    }

    /// The value of `Authorization`.
    ///
    /// - Parameter now: The same as in the signed header `x-amz-date`.
    func authorization(of subject: Subject, at now: Timestamp) -> String {
        let headers = subject.headers.map { (name: $0.name.lowercased(), value: $0.value) }
            .sorted { $0.name < $1.name }
        let names = headers.map(\.name).joined(separator: ";")
        let lines = headers.map { "\($0.name):\($0.value)\n" }.joined()
        let canonical = "\(subject.method)\n\(subject.path)\n\n\(lines)\n\(names)\n\(subject.payloadDigest)"
        let scope = "\(Self.date(now).prefix(8))/\(region)/\(service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(Self.date(now))\n\(scope)\n\(Self.digest(canonical.utf8))"
        let signature = Hexadecimal.encode(Self.code(text, key(for: scope)))
        return
            "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
    }

    /// `20130524T000000Z`
    static func date(_ moment: Timestamp) -> String {
        Timestamp(seconds: moment.seconds).description.filter { $0 != "-" && $0 != ":" }
    }

    /// SHA-256 in hexadecimal.
    static func digest(_ bytes: some Sequence<UInt8>) -> String {
        Hexadecimal.encode(SHA256.hash(data: Data(bytes)))
    }

    /// The key that signs for one day, region and service.
    private func key(for scope: String) -> SymmetricKey {
        let first = SymmetricKey(data: Data("AWS4\(secretKey.reveal())".utf8))
        return scope.split(separator: "/").reduce(first) { key, part in
            SymmetricKey(data: Self.code(String(part), key))
        }
    }

    private static func code(_ text: String, _ key: SymmetricKey) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
    }
}
