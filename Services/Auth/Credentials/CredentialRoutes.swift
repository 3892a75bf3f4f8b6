import ServiceKit
import SharedModels

/// `/internal/credentials` and `/internal/revocations`.
struct CredentialRoutes: Sendable {
    let workflow: CredentialWorkflow
    let hub: RevocationHub

    func register(on routes: Routes) {
        routes.handle(Endpoints.authInternal.resolveCredential, resolve)
        routes.stream(Endpoints.authInternal.revocations) { [hub] _ in try hub.subscribe() }
    }

    private func resolve(_ input: CredentialInput, _: Call) async throws -> CredentialResolution {
        try await workflow.resolve(input)
    }
}
