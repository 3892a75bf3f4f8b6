import Crypto
import ServiceKit
import SharedModels

/// A refresh token as it is stored, without its text.
struct RefreshToken: Sendable, Equatable {
    static let lifetime = Duration.days(7)
    /// All tabs of one browser may refresh when they wake up.
    static let grace = Duration.seconds(10)

    /// What it means that a token is presented.
    enum Use: Sendable, Equatable {
        case first
        /// Another request of the same browser came a moment earlier.
        case parallel
        /// Two parties have the token, so one of them stole it.
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

/// A session that uses tokens instead of a cookie. A refresh token and its successors form one family.
struct TokenSession: Sendable, Equatable {
    let id: SessionID
    let accountID: AccountID
    /// 32 bytes. The successor of a token is derived from them and the token.
    let refreshKey: [UInt8]

    static func make(for account: AccountID, at now: Timestamp) -> Self {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        return Self(id: .make(at: now), accountID: account, refreshKey: key)
    }

    /// The token after `text`. It is always the same, so that parallel refreshes do not split the family.
    func successor(of text: String) -> String {
        Base64URL.encode(
            HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: refreshKey)))
    }
}

/// The tokens that a signed-in client holds.
struct TokenPair: Sendable, Equatable {
    let accessToken: String
    /// The value of the cookie.
    let refreshToken: String
}
