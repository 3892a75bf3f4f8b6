import OutboundHTTP
import Postgres
import TestSupport
import Testing

@testable import AuthService
@testable import ServiceKit
@testable import SharedModels

/// The promise under test: an account never has more requests in flight than its plan allows, whichever services answer
/// them and however many replicas, and what has ended is free again.
@Suite struct PlaceTests {
    private let clock = TestClock()

    /// Runs `body` with processes that ask one auth, and a key of the account.
    private func use(
        processes: Int, plan: Plan = .free, _ body: (AuthWorld, [Process], PresentedCredential) async throws -> Void
    ) async throws {
        try await AuthWorld.use(clock) { world in
            try await world.database.execute("UPDATE accounts SET plan = \(plan)")
            let key = try await world.keys.create(APIKeyInput(name: "laptop"), for: world.account).text
            try await body(
                world, (0..<processes).map { _ in Process(world) }, PresentedCredential(source: .token, secret: key))
        }
    }

    private func taken(_ world: AuthWorld) async throws -> Int {
        let counted: Int = try await world.database.one("SELECT sum(places_taken)::int AS count FROM usage") {
            try $0.decode("count")
        }
        let rows: Int = try await world.database.one("SELECT count(*)::int AS count FROM places") {
            try $0.decode("count")
        }
        #expect(counted == rows)
        return rows
    }

    @Test(arguments: [Plan.free, .pro])
    func `requests in flight are counted over two services with two replicas each`(plan: Plan) async throws {
        let limit = try #require(plan.limits).concurrent
        try await use(processes: 4, plan: plan) { world, processes, key in
            var open: [Admission] = []
            for number in 0..<limit { open.append(try await processes[number % 4].resolver.resolve(key)) }
            for process in processes {
                let refusal = await #expect(throws: CredentialRefusal.self) { try await process.resolver.resolve(key) }
                guard case .rateLimited(let state) = refusal else { throw Unexpected() }
                #expect(state.retryAfterSeconds == 1 && state.remaining > 0)
            }
            open.removeFirst().release()
            await processes[0].telling.tellOnce()
            let next = try await processes[3].resolver.resolve(key)
            await #expect(throws: CredentialRefusal.self) { try await processes[1].resolver.resolve(key) }
            next.release()
            for admission in open { admission.release() }
            for process in processes { await process.telling.tellOnce() }
            #expect(try await taken(world) == 0)
        }
    }

    @Test func `of many requests at one moment as many come in as there are places`() async throws {
        try await use(processes: 4) { world, processes, key in
            let open = Shared([Admission]())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        // The refused ones are counted by those that are not.
                        guard let admission = try? await processes[number % 4].resolver.resolve(key) else { return }
                        open.change { $0.append(admission) }
                    }
                }
                try await group.waitForAll()
            }
            let places = try await taken(world)
            #expect(open.value.count == 5 && places == 5)
        }
    }

    @Test func `a refusal for want of a place takes nothing of the plan`() async throws {
        try await use(processes: 2) { world, processes, key in
            var open: [Admission] = []
            for _ in 0..<5 { open.append(try await processes[0].resolver.resolve(key)) }
            for _ in 0..<3 {
                await #expect(throws: CredentialRefusal.self) { try await processes[1].resolver.resolve(key) }
            }
            open.removeAll()
            await processes[0].telling.tellOnce()
            let next = try await processes[1].resolver.resolve(key)
            #expect(next.rateLimit?.remaining == 54)
        }
    }

    @Test func `a process that is killed gives its places back, and one that lives keeps them`() async throws {
        try await use(processes: 3) { world, processes, key in
            let (dead, alive) = (processes[0], processes[1])
            let lost = [try await dead.resolver.resolve(key), try await dead.resolver.resolve(key)]
            let kept = [
                try await alive.resolver.resolve(key), try await alive.resolver.resolve(key),
                try await alive.resolver.resolve(key),
            ]
            await alive.telling.tellOnce()
            await #expect(throws: CredentialRefusal.self) { try await processes[2].resolver.resolve(key) }
            try await world.features.places.places.deleteAbandoned(in: world.database)
            #expect(try await taken(world) == 5)
            try await world.database.execute("UPDATE places SET taken_at = taken_at - interval '1 minute'")
            try await world.features.places.places.deleteAbandoned(in: world.database)
            #expect(try await taken(world) == 3)
            // Its lease is over, too, once it says nothing.
            try await world.database.execute(
                "UPDATE replicas SET lease_until = clock_timestamp() - interval '1 second'")
            try await world.features.places.places.deleteAbandoned(in: world.database)
            #expect(try await taken(world) == 0)
            // What comes back late was given back already.
            for admission in lost + kept { admission.release() }
            let other = try await processes[2].resolver.resolve(key)
            for process in processes { await process.telling.tellOnce() }
            #expect(try await taken(world) == 1)
            other.release()
        }
    }

    @Test func `a place whose answer was lost comes back`() async throws {
        try await use(processes: 1) { world, processes, key in
            let process = processes[0]
            process.isLosing.change { $0 = true }
            for _ in 0..<5 {
                await #expect(throws: CredentialRefusal.self) { try await process.resolver.resolve(key) }
            }
            #expect(try await taken(world) == 5)
            process.isLosing.change { $0 = false }
            await process.telling.tellOnce()
            #expect(try await taken(world) == 0)
            try await process.resolver.resolve(key).release()
        }
    }

    @Test func `what could not be told is told later`() async throws {
        try await use(processes: 1) { world, processes, key in
            try await processes[0].resolver.resolve(key).release()
            let away = PlaceTelling(places: processes[0].resolver.places, logger: .quiet) { _ in throw Unexpected() }
            #expect(await away.tellOnce() == false)
            #expect(try await taken(world) == 1)
            #expect(await processes[0].telling.tellOnce())
            #expect(try await taken(world) == 0)
            #expect(processes[0].resolver.places.take() == nil)
        }
    }

    @Test func `the unlimited plan and sessions take no places`() async throws {
        try await use(processes: 1, plan: .custom) { world, processes, key in
            let open = [try await processes[0].resolver.resolve(key), try await processes[0].resolver.resolve(key)]
            #expect(try await taken(world) == 0)
            let session = PresentedCredential(source: .token, secret: try await world.signIn().accessToken)
            let signedIn = try await processes[0].resolver.resolve(session)
            #expect(try await taken(world) == 0)
            for admission in open + [signedIn] { admission.release() }
            #expect(processes[0].resolver.places.take() == nil)
        }
    }
}

/// A process of any service that asks auth.
private struct Process: Sendable {
    let resolver: CredentialResolver
    let telling: PlaceTelling
    /// Whether auth's answers get lost.
    let isLosing = Shared(false)

    init(_ world: AuthWorld) {
        resolver = CredentialResolver(
            ask: { [isLosing] input in
                let answer = try await world.judge.resolve(input)
                if isLosing.value { throw OutboundError.timedOut }
                return answer
            }, clock: world.clock, logger: .quiet)
        resolver.trust(true)
        telling = PlaceTelling(places: resolver.places, logger: .quiet) { try await world.features.places.take($0) }
    }
}

private struct Unexpected: Error {}
