import ServiceKit
import SharedModels

/// A browser that was sent to GitHub: what it must bring back, and where it goes then.
struct SignIn: Sendable, Equatable {
    /// How long somebody may take at GitHub.
    static let lifetime = Duration.minutes(10)

    /// SHA-256 of the state in the URL.
    let stateDigest: [UInt8]
    /// SHA-256 of the secret in the browser's cookie: the state is worth nothing in another browser.
    let browserDigest: [UInt8]
    let proofKey: ProofKey
    let returnTo: String
    let expiresAt: Timestamp

    /// - Throws: ``AuthError/signInNotBegunHere`` in another browser, without its cookie, or too late.
    func check(browserSecret: String?, at now: Timestamp) throws(AuthError) {
        guard
            let browserSecret, constantTimeEqual(APIKeyFormat.sha256(browserSecret), browserDigest), now < expiresAt
        else { throw .signInNotBegunHere }
    }
}
