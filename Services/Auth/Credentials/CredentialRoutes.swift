import ServiceKit
import SharedModels

/// `/internal/credentials`, `/internal/places` and `/internal/revocations`.
struct CredentialRoutes: Sendable {
    let workflow: CredentialWorkflow
    let places: PlaceWorkflow
    let hub: RevocationHub

    func register(on routes: Routes) {
        routes.handle(Endpoints.authInternal.resolveCredential, resolve)
        routes.handle(Endpoints.authInternal.returnPlaces, takeBack)
        routes.stream(Endpoints.authInternal.revocations) { [hub] _ in try hub.subscribe() }
    }

    private func resolve(_ input: CredentialInput, _: Call) async throws -> CredentialResolution {
        try await workflow.resolve(input)
    }

    private func takeBack(_ input: PlaceReturn, _: Call) async throws -> NoOutput {
        try await places.take(input)
        return NoOutput()
    }
}
