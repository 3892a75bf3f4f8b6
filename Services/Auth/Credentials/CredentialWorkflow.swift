import ServiceKit
import SharedModels

/// The judge of credentials: asks one verifier after the other whose a credential is.
struct CredentialWorkflow: Sendable {
    let verifiers: [any CredentialVerifier]

    /// Whose credential this is, and how many requests it may make.
    ///
    /// A credential that is not accepted is an answer, not an error.
    func resolve(_ input: CredentialInput) async throws -> CredentialResolution {
        for verifier in verifiers {
            if let resolution = try await verifier.verify(input) { return resolution }
        }
        return CredentialResolution(refusal: "The API key or token is not known, or the token has expired.")
    }
}

/// Knows one kind of credential.
protocol CredentialVerifier: Sendable {
    /// - Returns: `nil` when the text is not of this kind; else who it stands for, or why for nobody any more.
    func verify(_ input: CredentialInput) async throws -> CredentialResolution?
}
