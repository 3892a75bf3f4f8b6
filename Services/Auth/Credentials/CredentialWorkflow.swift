import ServiceKit
import SharedModels

/// Decides about credentials: asks one verifier after another whose credential it is.
struct CredentialWorkflow: Sendable {
    let verifiers: [any CredentialVerifier]

    /// Whose credential it is, and how many requests it may make.
    ///
    /// A credential that is not accepted is an answer, not an error.
    func resolve(_ input: CredentialInput) async throws -> CredentialResolution {
        for verifier in verifiers {
            if let resolution = try await verifier.verify(input) { return resolution }
        }
        return CredentialResolution(refusal: "The API key or token is not known, or the token has expired.")
    }
}

/// Verifies one kind of credential.
protocol CredentialVerifier: Sendable {
    /// - Returns: `nil` when the text is not of this kind; otherwise whom it stands for, or why it is not valid.
    func verify(_ input: CredentialInput) async throws -> CredentialResolution?
}
