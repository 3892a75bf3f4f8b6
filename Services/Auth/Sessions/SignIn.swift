import ServiceKit
import SharedModels

/// A browser that was sent to a provider, to sign in or to link the provider to its account: what it must bring back,
/// and where it goes afterwards.
struct SignIn: Sendable, Equatable {
    /// How long a person may take there.
    static let lifetime = Duration.minutes(10)

    /// SHA-256 of the state in the URL.
    let stateDigest: [UInt8]
    /// SHA-256 of the secret in the browser's cookie. The state is useless in another browser.
    let browserDigest: [UInt8]
    let provider: Provider
    let proofKey: ProofKey
    let returnTo: String
    let expiresAt: Timestamp
    /// What somebody without an account becomes.
    var userType = UserType.client
    /// The session whose account the provider is linked to; `nil` when somebody signs in.
    var linking: LiveSession?

    /// - Throws: ``SignInError/notBegunHere`` in another browser, without the cookie, too late, or from another provider.
    func check(browserSecret: String?, from sender: Provider, at now: Timestamp) throws(SignInError) {
        guard
            sender == provider, let browserSecret, constantTimeEqual(APIKeyFormat.sha256(browserSecret), browserDigest),
            now < expiresAt
        else { throw .notBegunHere }
    }

    /// - Parameter account: Whose session the browser shows now, if it shows one.
    /// - Throws: ``SignInError/otherSession(_:)`` when somebody else has signed in meanwhile.
    func check(browserOf account: AccountID?) throws(SignInError) {
        guard let linking, let account else { return }
        if linking.accountID != account { throw .otherSession(provider) }
    }
}
