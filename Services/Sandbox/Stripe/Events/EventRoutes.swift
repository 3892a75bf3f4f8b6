import ServiceKit
import SharedModels

/// `/v1/events`, and the answer to every path that the sandbox's Stripe does not have.
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

    func registerRest(on routes: RawRoutes) {
        for method in SharedModels.Method.allCases {
            routes.on(method, "/stripe/v1/**") { request in
                let path = request.path.dropFirst("/stripe".count)
                return StripeError(
                    status: 404, kind: .invalidRequest,
                    message:
                        "Unrecognized request URL (\(method.rawValue): \(path.prefix(200)))."
                ).answer
            }
        }
    }
}
