import Postgres
import ServiceKit
import SharedModels

/// `/sandbox/…`: the commands and questions of people who test against the sandbox.
struct ControlRoutes: Sendable {
    /// The largest number of calls that one request can make fail.
    private static let mostTimes: Int64 = 100_000

    let messages: MessageStore
    let faults: FaultStore
    let stripe: StripeObjectStore
    let requests = StripeRequestStore()
    let database: Database

    func register(on routes: RawRoutes) {
        routes.on(.get, "/sandbox/messages", listMessages)
        routes.on(.post, "/sandbox/fail", fail)
        routes.on(.get, "/sandbox/stripe/state", stripeState)
        routes.on(.get, "/sandbox/stripe/requests", stripeRequests)
        routes.on(.post, "/sandbox/reset", reset)
    }

    private func listMessages(_ request: RawRequest) async throws -> Answer {
        let query = try request.queryText(["channel", "to"])
        var channel: MessageChannel?
        if let text = query["channel"] {
            channel = MessageChannel(rawValue: text)
            guard channel != nil else {
                throw Refusal.validation(
                    "channel",
                    "must be one of \(MessageChannel.allCases.map(\.rawValue).joined(separator: ", "))")
            }
        }
        let found = try await messages.find(channel: channel, to: query["to"], in: database)
        return .json(.array(found.map(\.json)))
    }

    private func fail(_ request: RawRequest) async throws -> Answer {
        let input = try ControlInput(
            request.body, members: ["target", "path", "calls", "object", "mode", "times"])
        let target = try input.required("target", of: FaultTarget.self)
        let times = try input.integer("times", 0...Self.mostTimes)
        let path = try input.text("path", 1...500)
        let calls = try input.choice("calls", of: FaultCalls.self)
        let object = try input.text("object", 1...255)
        let mode: FaultMode? = try times == 0 ? input.choice("mode") : input.required("mode", of: FaultMode.self)
        if let mode, mode.isStripes, target != .stripe {
            throw Refusal.validation("mode", "is for stripe alone")
        }
        if let mode, times > 0 {
            try await faults.plant(
                Fault(target: target, mode: mode, path: path, calls: calls, object: object), times: times)
        } else {
            try await faults.clear(target)
        }
        return .json([
            "target": .string(target.rawValue), "path": JSONValue(path), "calls": JSONValue(calls?.rawValue),
            "object": JSONValue(object), "mode": JSONValue(mode?.rawValue), "times": .integer(times),
        ])
    }

    /// All of it, or one kind of objects alone: after many payments the events are most of it.
    private func stripeState(_ request: RawRequest) async throws -> Answer {
        let wanted = try request.queryText(["kind"])["kind"]
        let known = StripeKind.allCases.filter(\.isShownInState)
        let kinds = known.filter { kind in wanted.map { kind.collectionName.isSpelled($0) } ?? true }
        guard !kinds.isEmpty else {
            throw Refusal.validation(
                "kind", "must be one of \(known.map(\.collectionName).joined(separator: ", "))")
        }
        var state: [JSONMember] = []
        for kind in kinds {
            let objects = try await stripe.findBodies(kind, in: database)
            state.append(JSONMember(kind.collectionName, .array(objects)))
        }
        if wanted == nil {
            state.append(
                JSONMember("balance", try await BalanceStore().json(of: BalanceStore.platform, in: database)))
        }
        return .json(.object(state))
    }

    private func stripeRequests(_ request: RawRequest) async throws -> Answer {
        let query = try request.queryText(["after"])
        guard let position = Int64(query["after"] ?? "0"), position >= 0 else {
            throw Refusal.validation("after", "must be the position of a request, or 0")
        }
        let found = try await database.transaction { try await requests.page(after: position, in: $0) }
        return .json(["requests": .array(found.map(\.json))])
    }

    /// Deletes everything except the clock's offset: the services' rows follow that clock, and time must not run
    /// backwards for them. Google's key stays too, because it says nothing about anybody.
    private func reset(_: RawRequest) async throws -> Answer {
        try await database.execute(
            """
            TRUNCATE faults, messages, stripe_objects, stripe_balances, stripe_settings, stripe_answers,
                     stripe_deliveries, stripe_requests, delivery_faults, authorization_codes, github_tokens
            """)
        return .json(["ok": true])
    }
}
