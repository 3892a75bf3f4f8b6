import Crypto
import ServiceKit
import SharedModels

/// A mailed link for a new password: 256 random bits, as 64 hexadecimal digits.
struct PasswordLink: Sendable, Equatable {
    static let lifetime = Duration.minutes(15)

    let sha256: [UInt8]
    let accountID: AccountID
    let expiresAt: Timestamp

    /// A new link, and its text.
    static func make(for account: AccountID, at now: Timestamp) -> (link: Self, text: String) {
        let text = SymmetricKey(size: .bits256).withUnsafeBytes { Hexadecimal.encode($0) }
        return (Self(sha256: APIKeyFormat.sha256(text), accountID: account, expiresAt: now + lifetime), text)
    }
}

/// Somebody has asked for a link. Whether there is an account is found out afterwards, so that the answer, and the time
/// until it, tell nothing.
struct MailPasswordLink: ScheduledWork, Equatable {
    static let kind = "auth.password.link"

    let id: ClaimID
    /// In lower case.
    let email: String
    /// What the request asked for. It counts until the account chooses.
    var language: Language?

    var key: String { "\(id)" }
    var payload: JSONValue { ["email": .string(email), "language": language.map { .string($0.rawValue) } ?? .null] }
}

extension MailPasswordLink {
    init(key: String, payload: JSONValue) throws {
        self.init(
            id: try UnreadableWork.read(key, "key"), email: try UnreadableWork.read(payload["email"]?.string, "email"),
            language: payload["language"]?.string.flatMap { Language(rawValue: $0) })
    }
}
