import Postgres
import ServiceKit
import SharedModels

/// `/sandbox/stripe/…`: what others do to the money at Stripe. The platform's own people in the dashboard, customers'
/// banks, the owners of connected accounts, and Stripe itself.
struct StripeControl: Sendable {
    /// A control call: what it is asked, and the transaction that it takes effect in.
    struct Command: Sendable {
        /// The object that the path names.
        let id: String
        let body: [UInt8]
        let work: StripeWork

        func input(_ members: Set<String>) throws -> ControlInput { try ControlInput(body, members: members) }
    }

    let parts: StripeParts
    let database: Database
    let clock: SandboxClock
    let afterCommit: @Sendable () -> Void
    let deliveryFaults = DeliveryFaultStore()

    func register(on routes: RawRoutes) {
        on(routes, .get, "settings", showSettings)
        on(routes, .post, "settings", set)
        on(routes, .post, "disputes", openDispute)
        on(routes, .post, "disputes/{id}", closeDispute)
        on(routes, .post, "refunds", refund)
        on(routes, .post, "refunds/{id}", settleRefund)
        on(routes, .post, "captures", capture)
        on(routes, .post, "cancellations", cancel)
        on(routes, .post, "reversals", reverse)
        on(routes, .post, "payouts", payOut)
        on(routes, .post, "payouts/{id}", failPayout)
        on(routes, .post, "accounts/{id}", changeAccount)
        on(routes, .post, "payment_intents/{id}", answer)
        on(routes, .post, "events", tell)
        on(routes, .post, "deliveries", disturb)
    }

    private func on(
        _ routes: RawRoutes, _ method: SharedModels.Method, _ path: String,
        _ body: @escaping @Sendable (Command) async throws -> JSONValue
    ) {
        routes.on(method, "/sandbox/stripe/" + path) { request in
            do {
                let result = try await database.transaction { tx in
                    let work = StripeWork(tx: tx, now: clock.now)
                    return try await body(
                        Command(id: request.pathParameters["id"] ?? "", body: request.body, work: work))
                }
                afterCommit()
                return .json(result)
            } catch let refusal as StripeError {
                return refusal.answer
            }
        }
    }

    func locked(_ id: String, _ kind: StripeKind, _ work: StripeWork) async throws -> StripeObject {
        guard let object = try await parts.store.lock(id, kind, in: work.tx) else {
            throw StripeError.noSuch(kind.rawValue, id, parameter: "id", inPath: true)
        }
        return object
    }
}

/// How Stripe itself behaves.
extension StripeControl {
    private static let mostSeconds: Int64 = 365 * 86_400
    private static let mostMinor: Int64 = 100_000
    private static let mostTimes: Int64 = 100_000

    private func showSettings(_ command: Command) async throws -> JSONValue {
        try await parts.books.settings.find(in: command.work.tx).json
    }

    /// Members that are missing stay as they are.
    private func set(_ command: Command) async throws -> JSONValue {
        let input = try command.input([
            "balance_delay_seconds", "fee_basis_points", "fee_fixed_minor", "dispute_fee_minor",
            "inr_in_usd_millionths",
            "refunds", "payouts",
        ])
        let store = parts.books.settings
        var settings = try await store.find(in: command.work.tx)
        if let seconds = try input.optionalInteger("balance_delay_seconds", 0...Self.mostSeconds) {
            settings.balanceDelaySeconds = seconds
        }
        if let rate = try input.optionalInteger("fee_basis_points", 0...10_000) { settings.feeBasisPoints = rate }
        if let fee = try input.optionalInteger("fee_fixed_minor", 0...Self.mostMinor) { settings.feeFixedMinor = fee }
        if let fee = try input.optionalInteger("dispute_fee_minor", 0...Self.mostMinor) {
            settings.disputeFeeMinor = fee
        }
        if let rate = try input.optionalInteger("inr_in_usd_millionths", 0...1_000_000) {
            settings.inrInUSDMillionths = rate
        }
        if let refunds = try input.choice("refunds", of: StripeSettings.RefundStatus.self) {
            settings.refunds = refunds
        }
        if let payouts = try input.choice("payouts", of: StripeSettings.PayoutSchedule.self) {
            settings.payouts = payouts
            settings.nextPayoutAt = payouts == .daily ? command.work.now + .days(1) : nil
        }
        try await store.save(settings, in: command.work.tx)
        return settings.json
    }

    /// Makes the next webhooks go wrong; `times: 0` lets all go right again.
    private func disturb(_ command: Command) async throws -> JSONValue {
        let input = try command.input(["mode", "type", "times"])
        let times = try input.integer("times", 0...Self.mostTimes)
        let type = try input.text("type", 1...100)
        guard times > 0 else {
            try await deliveryFaults.clear(in: command.work.tx)
            return ["times": 0]
        }
        let mode = try input.required("mode", of: DeliveryFault.self)
        try await deliveryFaults.plant(mode, type: type, times: times, in: command.work.tx)
        return ["mode": .string(mode.rawValue), "type": JSONValue(type), "times": .integer(times)]
    }

    /// Tells of something, whether it is so or not: of a known object in its present state, or of a made-up one.
    private func tell(_ command: Command) async throws -> JSONValue {
        let input = try command.input(["type", "object", "account", "livemode"])
        let id = try input.required("object")
        var body: JSONValue = ["id": .string(id), "object": "unknown"]
        if let kind = StripeKind(id: id), let known = try await parts.store.find(id, kind, in: command.work.tx) {
            body = known.body
        }
        return try await parts.events.emit(
            input.required("type"), body: body, account: input.text("account", 1...255),
            isLive: input.flag("livemode", default: false), command.work
        ).body
    }
}
