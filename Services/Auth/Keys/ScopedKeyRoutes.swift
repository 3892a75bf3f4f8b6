import ServiceKit
import SharedModels

/// `/v1/auth/api-keys`.
struct ScopedKeyRoutes: Sendable {
    let workflow: KeyWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.scopedKeys.create, create)
    }

    private func create(_ input: ScopedKeyInput, _ call: Call) async throws -> CreatedScopedKey {
        let made = try await workflow.create(input, by: call.caller)
        return CreatedScopedKey(
            id: PrefixedID(made.id), name: input.name, key: made.text, scopes: made.key.scopes ?? [],
            expiresAt: made.key.expiresAt, createdAt: made.key.createdAt)
    }
}
