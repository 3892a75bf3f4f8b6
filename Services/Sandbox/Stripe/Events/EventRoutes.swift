import ServiceKit
import SharedModels

/// `/v1/events`.
struct EventRoutes: Sendable {
    let store: StripeObjectStore
    let lists: StripeLists

    var routes: [StripeGate.Route] {
        [
            .init(method: .get, path: "/v1/events", accepts: StripeLists.parameters.union(["type"])) {
                try await lists.list(.event, path: "/v1/events", filters: ["type"], $0)
            },
            .init(method: .get, path: "/v1/events/{id}", accepts: []) { call in
                guard let event = try await store.find(call.id, .event, in: call.tx) else {
                    throw StripeError.noSuch("event", call.id, parameter: "id", inPath: true)
                }
                return StripeAnswer(event.body)
            },
        ]
    }
}
