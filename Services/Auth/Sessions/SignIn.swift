import ServiceKit
import SharedModels

/// A browser that was sent to GitHub, to sign in or to link GitHub to its account: what it must bring back, and where it
/// goes afterwards.
struct SignIn: Sendable, Equatable {
    /// How long a person may take at GitHub.
    static let lifetime = Duration.minutes(10)

    /// SHA-256 of the state in the URL.
    let stateDigest: [UInt8]
    /// SHA-256 of the secret in the browser's cookie. The state is useless in another browser.
    let browserDigest: [UInt8]
    let proofKey: ProofKey
    let returnTo: String
    let expiresAt: Timestamp
    /// The session to whose account GitHub shall be linked; `nil` when somebody signs in.
    var linking: LiveSession?

    /// - Throws: ``SignInError/notBegunHere`` in another browser, without the cookie, or too late.
    func check(browserSecret: String?, at now: Timestamp) throws(SignInError) {
        guard
            let browserSecret, constantTimeEqual(APIKeyFormat.sha256(browserSecret), browserDigest), now < expiresAt
        else { throw .notBegunHere }
    }

    /// - Parameter account: Whose session the browser shows now, if it shows one.
    /// - Throws: ``SignInError/otherSession`` when somebody else has signed in meanwhile.
    func check(browserOf account: AccountID?) throws(SignInError) {
        guard let linking, let account else { return }
        if linking.accountID != account { throw .otherSession }
    }
}
