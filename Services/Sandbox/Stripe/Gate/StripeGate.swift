import Logging
import Postgres
import ServiceKit
import SharedModels

/// The steps of every call of Stripe's API: planted faults, the key, the parameters, the idempotency key, and one
/// transaction around all effects.
struct StripeGate: Sendable {
    /// One endpoint of Stripe.
    struct Route: Sendable {
        let method: SharedModels.Method
        /// Below `/stripe`.
        let path: String
        /// Its parameters. All others are refused, as at Stripe.
        let accepts: Set<String>
        /// Whether a browser may call it with a client secret.
        var isOpenToBrowsers = false
        let handler: @Sendable (StripeCall) async throws -> StripeAnswer
    }

    /// Accepted by every endpoint: which ids to expand into whole objects, and a browser's key.
    private static let general: Set<String> = ["expand"]
    private static let browsers: Set<String> = ["client_secret", "key"]

    /// How long an answer waits for its call's webhooks, and how often it looks.
    private static let webhookPatience = Duration.seconds(5)
    private static let webhookPause = Duration.milliseconds(20)

    let database: Database
    let clock: SandboxClock
    let faults: FaultStore
    let answers = StripeAnswerStore()
    let requests = StripeRequestStore()
    let deliveries = DeliveryStore()
    let deadlines: StripeDeadlines
    let expansion: Expansion
    /// Called after each commit, because there may be webhooks to send.
    let afterCommit: @Sendable () -> Void
    let logger: Logger

    func register(_ route: Route, on routes: RawRoutes) {
        routes.on(route.method, "/stripe" + route.path) { request in
            let id = "req_" + RandomText.alphanumeric(14)
            var answer: Answer
            var isRemembered = false
            do {
                answer = try await respond(request, route, id, &isRemembered)
            } catch {
                answer = refusal(error, id)
            }
            if !answer.headers.contains(where: { $0.name == "Request-Id" }) {
                answer.headers.append(("Request-Id", id))
            }
            answer.headers.append(
                ("Stripe-Version", request.header("stripe-version") ?? StripeVersion.current))
            if !isRemembered { await remember(request, answer) }
            return answer
        }
    }

    /// The answer to every path that the sandbox's Stripe does not have.
    func registerRest(on routes: RawRoutes) {
        for method in SharedModels.Method.allCases {
            routes.on(method, "/stripe/v1/**") { request in
                let path = request.path.dropFirst("/stripe".count)
                let answer = StripeError(
                    status: 404, kind: .invalidRequest,
                    message: "Unrecognized request URL (\(method.rawValue): \(path.prefix(200)))."
                ).answer
                await remember(request, answer)
                return answer
            }
        }
    }

    /// A call counts also when it cannot be remembered, because the database is away.
    private func remember(_ request: RawRequest, _ answer: Answer) async {
        do {
            try await requests.insert(request, status: answer.status, in: database)
        } catch {
            logger.warning("a stripe call is not remembered", metadata: ["error": "\(error)"])
        }
    }

    /// - Parameter isRemembered: Whether the call was remembered with its effect.
    private func respond(
        _ request: RawRequest, _ route: Route, _ id: String, _ isRemembered: inout Bool
    ) async throws -> Answer {
        let fault = try await faults.take(.stripe, request)
        switch fault {
        case .error: throw StripeError.failed
        case .rateLimit: throw StripeError.rateLimited
        case .unauthorized: throw StripeError.unauthorized("Invalid API Key provided: sk_test_****")
        case .proxyRefusal:
            return .html(HTMLPage(title: "Not found", body: "<p>There is nothing here.</p>").text, status: 404)
        case .timeout:
            await FaultGate.stayingSilent(request)
            throw StripeError.failed
        case nil, .timeoutAfterSuccess, .decline, .storedError, .errorAfterSuccess, .processing, .requiresAction,
            .eventsFirst:
            break
        }
        let parameters = try parameters(of: request)
        let key = try StripeKey(
            authorization: request.header("authorization"), parameter: parameters.text("key"))
        try admit(key, parameters, to: route)
        if fault == .decline, try !Self.asksACard(request.path, parameters) {
            throw StripeError.declined(.generic)
        }
        let answer = try await perform(request, route, key, parameters, id, fault)
        isRemembered = true
        afterCommit()
        if fault == .timeoutAfterSuccess { await FaultGate.stayingSilent(request) }
        if fault == .eventsFirst { try await waitForWebhooks(of: id) }
        return answer
    }

    private func perform(
        _ request: RawRequest, _ route: Route, _ key: StripeKey, _ parameters: StripeParameters, _ id: String,
        _ fault: FaultMode?
    ) async throws -> Answer {
        let idempotencyKey = request.method == .get ? nil : request.header("idempotency-key")
        if let idempotencyKey, !(1...255).contains(idempotencyKey.count) {
            throw StripeError.invalid(nil, "Idempotency keys have 1 to 255 characters.")
        }
        let fingerprint = StripeAnswerStore.fingerprint(
            method: request.method.rawValue, path: request.path, parameters)
        return try await database.transaction { tx in
            let work = StripeWork(tx: tx, now: clock.now, requestID: id, idempotencyKey: idempotencyKey)
            if let idempotencyKey,
                let stored = try await answers.claim(idempotencyKey, fingerprint: fingerprint, work)
            {
                try await requests.insert(request, status: stored.status, in: tx)
                return Self.response(stored, idempotencyKey: idempotencyKey, isReplayed: true)
            }
            let call = StripeCall(
                work: work, key: key, pathParameters: request.pathParameters, parameters: parameters,
                account: request.header("stripe-account"), bank: BankManner(fault))
            let answer = try await carryOut(call, by: route, fault)
            let stored = StripeAnswerStore.Stored(
                requestID: id, status: answer.status, body: answer.body.bytes)
            try await requests.insert(request, status: answer.status, in: tx)
            if let idempotencyKey {
                try await answers.insert(stored, key: idempotencyKey, fingerprint: fingerprint, work)
            }
            return Self.response(stored, idempotencyKey: idempotencyKey, isReplayed: false)
        }
    }

    /// A refusal undoes what the call has done so far, and is its answer.
    ///
    /// - Throws: ``StripeError`` for a faulty request, whose key stays free.
    private func carryOut(_ call: StripeCall, by route: Route, _ fault: FaultMode?) async throws -> StripeAnswer {
        if fault == .storedError { return StripeAnswer(["error": StripeError.failed.json], status: 500) }
        let paths = try call.parameters.list("expand")
        try await deadlines.apply(call.work, by: clock.settledNow)
        do {
            let answer = try await call.tx.part {
                var answer = try await route.handler(call)
                if answer.status == 200 {
                    answer.body = try await expansion.expand(paths, in: answer.body, call.work)
                }
                return answer
            }
            if fault == .errorAfterSuccess { return StripeAnswer(["error": StripeError.failed.json], status: 500) }
            return answer
        } catch let refusal as StripeError where !refusal.concernsParameters {
            return StripeAnswer(["error": refusal.json], status: refusal.status)
        }
    }

    /// Until the webhooks of a call are taken, but not for ever: nobody may be listening.
    private func waitForWebhooks(of requestID: String) async throws {
        let deadline = ContinuousClock.now + Self.webhookPatience
        while ContinuousClock.now < deadline, try await deliveries.isWaiting(of: requestID, in: database) {
            try await Task.sleep(for: Self.webhookPause)
        }
    }

    private func parameters(of request: RawRequest) throws -> StripeParameters {
        let isRead = request.method == .get || request.method == .delete
        let bytes = isRead ? Array(request.rawQuery.utf8) : request.body
        if !isRead, !bytes.isEmpty, request.mediaType == "application/json" {
            throw StripeError.invalid(
                nil,
                "Invalid request (check that your POST content type is application/x-www-form-urlencoded).")
        }
        return try StripeParameters(FormData.pairs(bytes))
    }

    private func admit(_ key: StripeKey, _ parameters: StripeParameters, to route: Route) throws(StripeError) {
        if key == .publishable, !route.isOpenToBrowsers {
            throw .unauthorized(
                "This API call cannot be made with a publishable API key. Please use a secret API key.")
        }
        let known = route.accepts.union(Self.general).union(route.isOpenToBrowsers ? Self.browsers : [])
        if let unknown = parameters.names.first(where: { !known.contains($0) }) {
            throw .unknownParameter(unknown)
        }
    }

    /// Whether the handler itself asks the card's bank, so that it declines in its own way.
    private static func asksACard(_ path: String, _ parameters: StripeParameters) throws(StripeError) -> Bool {
        if path.hasSuffix("/confirm") { return true }
        return try parameters.flag("confirm") ?? false
    }

    private static func response(
        _ stored: StripeAnswerStore.Stored, idempotencyKey: String?, isReplayed: Bool
    ) -> Answer {
        var headers = [
            (name: "Content-Type", value: "application/json"), (name: "Request-Id", value: stored.requestID),
        ]
        if let idempotencyKey { headers.append(("Idempotency-Key", idempotencyKey)) }
        if isReplayed {
            headers.append(("Idempotent-Replayed", "true"))
            headers.append(("Original-Request", stored.requestID))
        }
        return Answer(status: stored.status, headers: headers, body: stored.body)
    }

    private func refusal(_ error: any Error, _ id: String) -> Answer {
        if let known = error as? StripeError { return known.answer }
        logger.error("stripe call failed", metadata: ["request_id": "\(id)", "error": "\(error)"])
        return StripeError.failed.answer
    }
}

/// The version of Stripe's API that the sandbox implements.
enum StripeVersion {
    static let current = "2024-06-20"
}
