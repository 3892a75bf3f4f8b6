import ServiceKit
import SharedModels

/// `/api/notifications/settings`, and auth's question about it.
struct ReadingRoutes: Sendable {
    let workflow: ReadingWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.reading.get, get)
        routes.handle(Endpoints.reading.update, update)
        routes.handle(Endpoints.notificationsInternal.language) { _, call in
            LanguageChoice(locale: try await workflow.choice(of: call.path("id")))
        }
    }

    private func get(_: NoInput, _ call: Call) async throws -> ReadingView {
        ReadingView(locale: try await workflow.language(of: call.caller.accountID))
    }

    private func update(_ input: ReadingUpdate, _ call: Call) async throws -> ReadingView {
        if let language = input.locale {
            try await workflow.choose(language, by: call.caller.accountID, at: call.now)
        }
        return try await get(NoInput(), call)
    }
}
