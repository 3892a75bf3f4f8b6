import Logging
import OutboundHTTP
import Postgres
import SharedModels
import Synchronization
import TestSupport
import Testing

/// The stack while things go wrong in it: its programs, its provider and its databases.
struct ChaosWorld: Sendable {
    let stack: Stack
    let processes: LocalStack
    let payments: Database
    let contracts: Database
    let sandbox: Database
    /// What was wrong before this schedule began, by other tests.
    let before: Remains
    private let pace = Pace()
    private let restarts = Restarts()

    /// Runs `body`, with all programs up and no fault planted before and after it.
    static func use(_ stack: Stack, _ body: (ChaosWorld) async throws -> Void) async throws {
        func database(_ service: String) throws -> Database {
            Database(.patient(url: try Stack.setting("\(service)_DATABASE_URL")), logger: .quiet)
        }
        let (payments, contracts, sandbox) = try (database("PAYMENTS"), database("CONTRACTS"), database("SANDBOX"))
        let books = Books(payments: payments, contracts: contracts, sandbox: sandbox)
        let world = ChaosWorld(
            stack: stack, processes: try LocalStack(stack), payments: payments, contracts: contracts, sandbox: sandbox,
            before: try await books.remains(olderThan: try await stack.now()))
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(world))
        } catch {
            result = .failure(error)
        }
        try await world.calm()
        try await world.processes.end(.replica)
        for database in [payments, contracts, sandbox] { await database.close() }
        try result.get()
    }

    var books: Books { Books(payments: payments, contracts: contracts, sandbox: sandbox) }

    // MARK: - Disturbing

    func set(_ mood: StripeMood) async throws {
        try await order(
            "stripe/settings",
            [
                "balance_delay_seconds": .integer(mood.delaySeconds),
                "refunds": .string(mood.arePending ? "pending" : "succeeded"),
                "fee_basis_points": .integer(mood.hasFees ? 290 : 0),
                "fee_fixed_minor": .integer(mood.hasFees ? 30 : 0),
                "dispute_fee_minor": .integer(mood.hasFees ? 1_500 : 0),
                "payouts": .string(mood.isPaidOutDaily ? "daily" : "manual"),
            ])
    }

    /// - Parameter object: What a fault that is bound to one object is bound to.
    func plant(_ fault: ProviderFault?, for object: String? = nil) async {
        guard let fault else { return }
        var order = [
            JSONMember("target", "stripe"), JSONMember("path", .string(fault.path)),
            JSONMember("mode", .string(fault.mode)), JSONMember("times", .integer(fault.times)),
        ]
        if fault.isBound, let object { order.append(JSONMember("object", .string(object))) }
        if fault.isOfReads { order.append(JSONMember("calls", "read")) }
        // The provider may be dead just now. Then the step goes without its fault.
        try? await self.order("fail", .object(order))
    }

    /// Does it, and puts right what does not come back by itself.
    func suffer(_ disturbance: Disturbance) async throws {
        try await Task.sleep(for: .milliseconds(disturbance.milliseconds))
        switch disturbance.kind {
        case .killPayments: try await restart(.payments)
        case .killReplica: try await restart(.replica)
        case .killContracts: try await restart(.contracts)
        case .killAuth: try await restart(.auth)
        case .killJobs: try await restart(.jobs)
        case .killProvider: try await restart(.sandbox)
        case .restartDatabase: try await restart(.postgres)
        case .dropEvents: await misdeliver("dropped", disturbance.times)
        case .doubleEvents: await misdeliver("twice", disturbance.times)
        case .delayEvents: await misdeliver("later", disturbance.times)
        case .strangeEvents:
            for (type, object) in [
                ("charge.refunded", "ch_strange"), ("account.updated", "acct_strange"),
                ("payment_intent.succeeded", "pi_strange"),
            ] {
                await outside(
                    "events", ["type": .string(type), "object": .string(object), "account": "acct_strange"])
            }
        case .liveEvents:
            let payments = try? await stack.stripe("/v1/payment_intents?limit=\(disturbance.times)")["data"]?.array
            for payment in payments ?? [] {
                for type in ["payment_intent.canceled", "payment_intent.succeeded"] {
                    await outside(
                        "events", ["type": .string(type), "object": payment["id"] ?? .null, "livemode": true])
                }
            }
        }
    }

    private func restart(_ program: LocalStack.Program) async throws {
        try await restarts.once(program) {
            try await processes.end(program)
            try await processes.revive([program])
        }
    }

    /// Starts what does not run: also a program that ended by itself, because another one died while it started.
    private func revive() async throws {
        try await processes.revive([.postgres, .sandbox, .auth, .jobs, .contracts, .payments])
    }

    private func misdeliver(_ mode: String, _ times: Int64) async {
        try? await order("stripe/deliveries", ["mode": .string(mode), "times": .integer(times)])
    }

    /// Everything is up, and nothing is planted.
    func calm() async throws {
        try await revive()
        _ = try await eventually("the provider is up") {
            do {
                try await order("fail", ["target": "stripe", "times": 0])
                try await order("stripe/deliveries", ["times": 0])
                try await order(
                    "stripe/settings",
                    [
                        "balance_delay_seconds": 0, "refunds": "succeeded", "fee_basis_points": 0, "fee_fixed_minor": 0,
                        "dispute_fee_minor": 0, "payouts": "manual",
                    ])
                return true
            } catch {
                return nil
            }
        }
        for service in [ServiceName.auth, .jobs, .payments, .contracts] {
            _ = try await eventually("\(service) answers") {
                let caller = Caller(stack: stack, address: stack.address(of: service))
                return try? await caller.ask(.get, "/health/ready").status == 200 ? true : nil
            }
        }
    }

    /// Gives the provider an order.
    ///
    /// - Throws: ``Unanswered``; it may be dead just now.
    func order(_ what: String, _ body: JSONValue) async throws {
        let answer = try await stack.send(.json(.post, "\(stack.sandbox)/sandbox/\(what)", body: body.bytes))
        guard answer.status == 200 else { throw Unanswered(answer: answer) }
    }

    // MARK: - Going on

    /// Lets 15 s pass, at most three times a second for all who wait.
    func nudge() async {
        // The provider may be dead just now.
        if pace.isDue() { try? await order("clock", ["advance_seconds": 15]) }
    }

    func advance(_ seconds: Int64) async throws {
        _ = try await eventually("the clock moves") {
            try? await order("clock", ["advance_seconds": .integer(seconds)])
        }
    }

    /// What somebody says who may be dead just now.
    func answer<Value>(_ ask: () async throws -> Value) async throws -> Value {
        let end = ContinuousClock.now + .seconds(180)
        var nextLook = Self.nextLook()
        while ContinuousClock.now < end {
            if let value = try? await ask() { return value }
            await look(&nextLook)
            try await Task.sleep(for: .milliseconds(100))
        }
        return try await ask()
    }

    private static func nextLook() -> ContinuousClock.Instant { .now + .seconds(15) }

    /// Starts again what has ended, now and then, as Compose would.
    private func look(_ next: inout ContinuousClock.Instant) async {
        guard ContinuousClock.now > next else { return }
        try? await revive()
        next = Self.nextLook()
    }

    /// Asks until what it leads to is there, as a person would who sees an error.
    ///
    /// - Parameters:
    ///   - isBound: Whether it must be reached. If not, a refusal that is repeated is the end of it.
    ///   - times: How often it is asked for at once.
    ///   - limit: Longer than all programs take to start on a busy machine.
    /// - Returns: Whether it was reached.
    @discardableResult
    func reach(
        _ what: String, isBound: Bool, times: Int = 1, within limit: Duration = .seconds(300),
        ask: @escaping @Sendable () async throws -> Answer?, until isReached: () async throws -> Bool
    ) async throws -> Bool {
        let end = ContinuousClock.now + limit
        let patience = ContinuousClock.now + min(limit / 2, .seconds(20))
        var refusals = 0
        var latest: Answer?
        var nextLook = Self.nextLook()
        while true {
            await look(&nextLook)
            // The service that answers may be dead just now.
            if let answer = await Self.answer(to: ask, times: times) {
                latest = answer
                guard answer.status != 500 else { throw Unreached(what: what, latest: answer) }
                refusals = (400...499).contains(answer.status) ? refusals + 1 : 0
            }
            for _ in 0..<5 {
                if (try? await isReached()) == true { return true }
                try await Task.sleep(for: .milliseconds(100))
                await nudge()
            }
            if !isBound, refusals > 6 || ContinuousClock.now > patience { return false }
            guard ContinuousClock.now < end else { throw Unreached(what: what, latest: latest) }
        }
    }

    /// One of the answers: the worst. None when nobody answers.
    private static func answer(
        to ask: @escaping @Sendable () async throws -> Answer?, times: Int
    ) async -> Answer? {
        await withTaskGroup(of: Answer?.self) { group in
            for _ in 0..<times { group.addTask { try? await ask() } }
            var worst: Answer?
            for await answer in group {
                if let answer, worst.map({ $0.status < answer.status || answer.status == 500 }) ?? true {
                    worst = answer
                }
            }
            return worst
        }
    }
}

/// Somebody did not say what was asked. The program that should may be dead just now.
struct Unanswered: Error {
    let answer: Answer
}

/// A step does not come to its end.
struct Unreached: Error, CustomStringConvertible {
    let what: String
    let latest: Answer?

    var description: String { "\(what) is not reached; the latest answer was \(latest.map(\.description) ?? "none")" }
}

/// Whose turn it is to move the clock.
private final class Pace: Sendable {
    private let last = Mutex(ContinuousClock.now)

    func isDue() -> Bool {
        last.withLock { last in
            guard ContinuousClock.now - last > .milliseconds(330) else { return false }
            last = .now
            return true
        }
    }
}

/// Programs that are killed and started again, each by one at a time: a kill that comes meanwhile is the same.
private actor Restarts {
    private var underWay: [LocalStack.Program: Task<Void, any Error>] = [:]

    func once(_ program: LocalStack.Program, _ body: @escaping @Sendable () async throws -> Void) async throws {
        if let known = underWay[program] { return try await known.value }
        let task = Task { try await body() }
        underWay[program] = task
        defer { underWay[program] = nil }
        try await task.value
    }
}

/// What others do to the money.
extension ChaosWorld {
    /// The admin, just signed in, because days may have passed.
    func admin() async throws -> Caller {
        let answer = try await stack.anyone.ask(Endpoints.auth.login.operation, [:], Stack.adminCredentials())
        guard answer.status == 200 else { throw Unanswered(answer: answer) }
        return try SignedIn(answer, at: stack).caller
    }

    /// The provider refuses what cannot be done, and may be dead just now.
    func outside(_ path: String, _ body: JSONValue) async {
        let text = "\(stack.sandbox)/sandbox/stripe/\(path)"
        _ = try? await stack.send(.json(.post, text, body: body.bytes))
    }

    /// What left for the platform's bank comes back.
    func fillAgain() async throws {
        for payout in try await stack.stripe("/v1/payouts?limit=100")["data"]?.array ?? [] {
            await outside("payouts/\(payout["id"]?.string ?? "")", ["status": "failed"])
        }
    }

    /// Admins have failed refunds paid back, and what workers cannot be paid given back, two of them at once. It may fail
    /// again, and is then another case.
    func payBack() async throws {
        let admin = try await admin()
        for (kind, action) in [("refund_failed", "pay_back"), ("payee_missing", "give_back")] {
            for id in try await books.openCases(kind) {
                _ = try await Parallel.run(2) {
                    let answer = try await admin.ask(
                        Endpoints.escrowCases.resolve.operation, ["id": id],
                        ["action": .string(action), "note": "The client asked for it."])
                    if answer.status == 500 { throw Unreached(what: "the \(action) of \(id)", latest: answer) }
                    return answer.status
                }
            }
        }
    }

    /// The banks decide about all disputes of these payments, and take their refunds.
    func settle(_ payments: [String], _ isWon: Bool) async throws {
        for payment in payments {
            let refunds = try await stack.stripe("/v1/refunds?payment_intent=\(payment)")["data"]?.array ?? []
            for refund in refunds where refund["status"]?.string == "pending" {
                await outside("refunds/\(refund["id"]?.string ?? "")", ["status": "succeeded"])
            }
            let disputes = try await stack.stripe("/v1/disputes?payment_intent=\(payment)")["data"]?.array ?? []
            for dispute in disputes where !["won", "lost"].contains(dispute["status"]?.string) {
                await outside("disputes/\(dispute["id"]?.string ?? "")", ["outcome": isWon ? "won" : "lost"])
            }
        }
    }
}
