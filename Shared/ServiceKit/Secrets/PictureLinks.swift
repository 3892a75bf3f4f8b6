import Crypto
import Foundation
import SharedModels

/// The addresses of stored media. A link lets in everybody who follows it, until it expires: an `<img>` sends no
/// credential.
package struct PictureLinks: Sendable {
    /// How long a link is good for, at least. It is the same for a whole day, so that browsers keep what they loaded.
    package static let lifetimeDays: Int64 = 7
    private static let day: Int64 = 86_400

    /// The gateway, without a trailing slash.
    package let publicURL: String
    private let keys: [SymmetricKey]

    package init(publicURL: String, secret: RotatingSecret) {
        self.publicURL = publicURL
        keys = secret.all.map { $0.key(for: .mediaLinks) }
    }

    package func url(of file: FileID, at now: Timestamp) -> String {
        let expires = (now.seconds / Self.day + 1 + Self.lifetimeDays) * Self.day
        return "\(prefix)\(file.objectID)?expires=\(expires)&signature=\(Self.signature(file, expires, keys[0]))"
    }

    /// The file that a link of ours leads to, expired or not; `nil` for any other URL.
    package func file(in url: String) -> FileID? {
        guard url.utf8.starts(with: prefix.utf8) else { return nil }
        let rest = url.utf8.dropFirst(prefix.utf8.count)
        return FileID(Substring(rest.prefix { $0 != UInt8(ascii: "?") }))
    }

    /// Whether a link with this signature is good for the file now.
    package func permits(_ file: FileID, expires: Int64, signature: String, at now: Timestamp) -> Bool {
        guard now.seconds < expires else { return false }
        // Every key is tried, so that the time tells nothing.
        return keys.map { constantTimeEqual(Self.signature(file, expires, $0).utf8, signature.utf8) }.contains(true)
    }

    private var prefix: String { "\(publicURL)/api/media/" }

    private static func signature(_ file: FileID, _ expires: Int64, _ key: SymmetricKey) -> String {
        let text = Array("\(file) \(expires)".utf8)
        return Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: text, using: key))
    }
}
