import ServiceKit
import SharedModels

/// A browser that was sent to GitHub: what it must bring back, and where it goes afterwards.
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

    /// - Throws: ``SignInError/notBegunHere`` in another browser, without the cookie, or too late.
    func check(browserSecret: String?, at now: Timestamp) throws(SignInError) {
        guard
            let browserSecret, constantTimeEqual(APIKeyFormat.sha256(browserSecret), browserDigest), now < expiresAt
        else { throw .notBegunHere }
    }
}
