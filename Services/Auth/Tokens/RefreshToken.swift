import Crypto
import ServiceKit
import SharedModels

/// A refresh token as it is stored: never its text.
struct RefreshToken: Sendable, Equatable {
    static let lifetime = Duration.days(7)
    /// The tabs of one browser may all refresh when they wake.
    static let grace = Duration.seconds(10)

    /// What presenting it means.
    enum Use: Sendable, Equatable {
        case first
        /// Another request of the same browser was a moment earlier.
        case parallel
        /// Two have it, one of whom stole it.
        case reuse
    }

    let sha256: [UInt8]
    let expiresAt: Timestamp
    let rotatedAt: Timestamp?

    /// - Returns: `nil` when it has expired.
    func use(at now: Timestamp) -> Use? {
        guard now < expiresAt else { return nil }
        guard let rotatedAt else { return .first }
        return now < rotatedAt + Self.grace ? .parallel : .reuse
    }
}

/// A session that lives by tokens instead of a cookie: a refresh token and its successors are one family.
struct TokenSession: Sendable, Equatable {
    let id: SessionID
    let accountID: AccountID
    /// 32 bytes from which, with a token, its successor is made.
    let refreshKey: [UInt8]

    static func make(for account: AccountID, at now: Timestamp) -> Self {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        return Self(id: .make(at: now), accountID: account, refreshKey: key)
    }

    /// The token that comes after `text`, always the same: parallel refreshes do not part the family in two.
    func successor(of text: String) -> String {
        Base64URL.encode(
            HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: refreshKey)))
    }
}

/// What somebody who has signed in holds.
struct TokenPair: Sendable, Equatable {
    let accessToken: String
    /// For the cookie.
    let refreshToken: String
}
