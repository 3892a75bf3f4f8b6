import Postgres
import ServiceKit
import SharedModels

/// `/api/notifications/settings`, and auth's question about it.
struct ReadingRoutes: Sendable {
    let database: Database
    let settings = ReadingStore()

    func register(on routes: Routes) {
        routes.handle(Endpoints.reading.get, get)
        routes.handle(Endpoints.reading.update, update)
        routes.handle(Endpoints.notificationsInternal.language) { _, call in
            LanguageChoice(locale: try await settings.find(call.path("id"), in: database))
        }
    }

    private func get(_: NoInput, _ call: Call) async throws -> ReadingView {
        ReadingView(locale: try await settings.language(of: call.caller.accountID, in: database))
    }

    private func update(_ input: ReadingUpdate, _ call: Call) async throws -> ReadingView {
        if let language = input.locale {
            try await settings.save(language, of: call.caller.accountID, at: call.now, in: database)
        }
        return try await get(NoInput(), call)
    }
}
