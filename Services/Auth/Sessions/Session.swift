import ServiceKit
import SharedModels

/// A person signed in with a browser.
struct Session: Sendable, Equatable {
    /// Long enough that people who come once a week stay signed in.
    static let lifetime = Duration.days(30)
    /// Sessions per account, including those that use tokens. One more ends the oldest. People have fewer browsers than
    /// this.
    static let limit = 50

    let id: SessionID
    let accountID: AccountID
    let sha256: [UInt8]
    let createdAt: Timestamp
    let expiresAt: Timestamp

    /// A new session and its cookie's text.
    static func make(for account: AccountID, at now: Timestamp) -> (session: Session, text: String) {
        let text = RandomText.make()
        let session = Session(
            id: .make(at: now), accountID: account, sha256: APIKeyFormat.sha256(text), createdAt: now,
            expiresAt: now + lifetime)
        return (session, text)
    }
}
