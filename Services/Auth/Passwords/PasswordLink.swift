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

/// Somebody has asked for a link.
struct MailPasswordLink: MailRequest {
    static let kind = "auth.password.link"

    let id: ClaimID
    let email: String
    var language: Language?
}
