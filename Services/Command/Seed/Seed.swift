import Foundation
import GuildhallClient
import SharedModels

/// A market of fifty people and two hundred gigs, with deals in every state, made through the public API.
struct Seed {
    let world: DemoWorld
    let adminPassword: String
    /// How long ago the market begins. The stack's clock moves ahead by as much.
    let days: Int

    private static let gigCount = 200
    private static let width = 6

    func plant() async throws {
        let began = ContinuousClock.now
        let first = try await person(SeedWords.clients[0], .client)
        let own = try await first.api.call(Endpoints.gigs.list, query: ["owner": "me"])
        guard own.gigs.isEmpty else {
            throw DemoFailure("the market is there already; `make reset` and then `make seed` begin another")
        }
        step("\(SeedWords.clients.count + SeedWords.freelancers.count) people sign in and write their profiles")
        let clients = try await Self.side(by: SeedWords.clients) { try await person($0, .client) }
        let workers = try await Self.side(by: SeedWords.freelancers) { try await person($0, .freelancer) }
        try await vouch(among: workers)
        let admin = try await signInAdmin()
        var gigs = try await post(by: clients)
        let plans = SeedStage.allCases.flatMap { stage in Array(repeating: stage, count: stage.count) }
        for wave in 0..<SeedStage.waves {
            let stages = plans.filter { $0.wave == wave }
            step("\(stages.count) deals, up to: \(Set(stages.map { "\($0)" }).sorted().joined(separator: ", "))")
            let deals = stages.enumerated().map { index, stage -> SeedDeal in
                let place = gigs.removeFirst()
                // Who onboards in one deal is ready in the next, so the last two are for the deals that wait for it.
                let worker =
                    stage == .onboarding
                    ? workers[workers.count - 1 - index % 2]
                    : workers[(wave * 11 + index * 3) % (workers.count - 2)]
                return SeedDeal(
                    world: world, admin: admin, client: clients[place.client], worker: worker, gig: place.gig,
                    stage: stage, index: wave * 31 + index)
            }
            _ = try await Self.side(by: deals) { try await $0.play() }
            if wave + 1 < SeedStage.waves, days > 0 {
                try await world.advanceClock(seconds: days * 86_400 / (SeedStage.waves - 1))
            }
        }
        try await apply(workers, to: gigs.map(\.gig))
        tell(began)
    }

    private func person(_ words: SeedWords.Person, _ type: UserType) async throws -> SeedPerson {
        let api = world.client.signedIn(as: .session(try await world.signIn(as: words.login)))
        let profile = try await api.call(
            Endpoints.profiles.update,
            [
                "display_name": .string(words.name), "bio": .string(words.bio), "user_type": .string(type.rawValue),
                "skills": .array(words.skills.map { .string($0) }),
            ])
        return SeedPerson(login: words.login, id: profile.userID, api: api)
    }

    private func vouch(among workers: [SeedPerson]) async throws {
        _ = try await Self.side(by: Array(workers.indices)) { index in
            guard index % 2 == 0 else { return }
            let other = workers[(index + 7) % workers.count]
            _ = try await workers[index].api.call(Endpoints.vouches.create, ["vouched_user_id": .string("\(other.id)")])
        }
    }

    private func signInAdmin() async throws -> PatientClient {
        let login = try await world.client.call(
            Endpoints.auth.login, ["email": "admin@guildhall.local", "password": .string(adminPassword)])
        return world.client.signedIn(as: .key(login.accessToken))
    }

    /// Each tenth stays a draft, and each twelfth is closed again.
    private func post(by clients: [SeedPerson]) async throws -> [(client: Int, gig: GigID)] {
        step("They post \(Self.gigCount) gigs")
        let works = SeedWords.works.prefix(Self.gigCount).enumerated().map { ($0.offset, $0.element) }
        let posted = try await Self.side(by: works) { index, work -> (client: Int, gig: GigID, isOpen: Bool) in
            let client = index * 7 % clients.count
            let status = index % 10 == 9 ? "draft" : "active"
            let gig = try await clients[client].api.call(
                Endpoints.gigs.create,
                [
                    "title": .string(work.title), "description": .string(work.description),
                    "scope": .string(work.scope), "status": .string(status),
                    "rate_cents": index % 14 == 13 ? .null : .integer(work.rate),
                ])
            if index % 12 == 11, status == "active" {
                _ = try await clients[client].api.call(
                    Endpoints.gigs.update, ["status": "closed"], path: ["id": "\(gig.id)"])
                return (client, gig.id, false)
            }
            return (client, gig.id, status == "active")
        }
        return posted.filter(\.isOpen).map { ($0.client, $0.gig) }
    }

    /// Up to four applications to what is left.
    private func apply(_ workers: [SeedPerson], to gigs: [GigID]) async throws {
        let pairs = gigs.enumerated().flatMap { index, gig in
            (0..<(index % 5)).map {
                (gig: gig, worker: workers[(index * 3 + $0 * 8) % workers.count], index: index + $0)
            }
        }
        step("\(pairs.count) more applications")
        _ = try await Self.side(by: pairs) { pair in
            let words = SeedWords.applications[pair.index % SeedWords.applications.count]
            _ = try await pair.worker.api.call(
                Endpoints.gigs.apply, ["message": .string(words)], path: ["id": "\(pair.gig)"])
        }
    }

    private func tell(_ began: ContinuousClock.Instant) {
        let seconds = Int((ContinuousClock.now - began).components.seconds)
        print(
            """

            The market is there, after \(seconds) s. The stack's clock is \(days.counted("day")) ahead, so that it has a past.
              sign in       \(world.gateway)/api/session/github; the sandbox's GitHub asks for a login
              as a client   \(SeedWords.clients.prefix(3).map(\.login).joined(separator: ", "))
              as a worker   \(SeedWords.freelancers.prefix(3).map(\.login).joined(separator: ", "))
              the API       \(world.gateway)/docs
            """)
    }

    private func step(_ text: String) { print("▸ \(text)") }

    /// Does the same for all of `items`, a few at a time.
    ///
    /// - Returns: The results, in the order of the items.
    private static func side<Item: Sendable, Result: Sendable>(
        by items: [Item], _ work: @escaping @Sendable (Item) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [(Int, Result)] = []
            for (index, item) in items.enumerated() {
                if index >= width, let next = try await group.next() { results.append(next) }
                group.addTask { (index, try await work(item)) }
            }
            for try await next in group { results.append(next) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
