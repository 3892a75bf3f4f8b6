import Logging
import Postgres
import ServiceKit
import SharedModels

/// Tells who people are, from copies of what auth knows.
struct PeopleWorkflow: Sendable {
    /// How many profiles are completed between two looks at the table.
    private static let batch = 100

    let database: Database
    let clock: any DomainClock
    let profiles: ProfileStore
    let finder: ProfileFinder
    let logger: Logger

    /// The people behind these accounts, in any order. Accounts that do not exist are left out.
    func people(_ ids: [AccountID], at now: Timestamp) async throws -> [KnownPerson] {
        let found = try await finder.find(ids, at: now)
        let incomplete = found.filter { $0.account == nil }.map(\.userID)
        guard !incomplete.isEmpty else { return found.compactMap(KnownPerson.init) }
        for id in incomplete { try await finder.renew(id, at: now) }
        return try await profiles.find(ids, in: database).compactMap(KnownPerson.init)
    }

    /// Those whose names have words that begin so, the latest ``NamedPeople/most`` of them.
    func named(_ name: String, _ type: UserType) async throws -> [AccountID] {
        let filter = ProfileFilter(name: name, userType: type)
        return try await database.transaction { tx in
            try await profiles.prepare(in: tx)
            return try await profiles.page(filter, 1, of: NamedPeople.most, in: tx).map(\.userID)
        }
    }

    /// Asks auth about the accounts whose profiles are older than the copies, and finds the forms of their skills, once
    /// after an upgrade.
    func register(on scheduler: Scheduler) {
        scheduler.every(.hours(1), "talent.people.complete") {
            try await complete(at: clock.now)
            try await findForms()
        }
    }

    func findForms() async throws {
        var last: AccountID?
        while true {
            let found = try await profiles.findWithoutForms(after: last, limit: Self.batch, in: database)
            guard let end = found.last else { return }
            for profile in found { try await profiles.setForms(of: profile, in: database) }
            last = end.userID
        }
    }

    func complete(at now: Timestamp) async throws {
        var last: AccountID?
        while true {
            let ids = try await profiles.findIncomplete(after: last, limit: Self.batch, in: database)
            guard let end = ids.last else { return }
            for id in ids { try await finder.renew(id, at: now) }
            logger.info("profiles were completed with what auth knows", metadata: ["count": "\(ids.count)"])
            last = end
        }
    }
}

/// A profile and what auth knows of its account.
struct KnownPerson: Sendable {
    let profile: Profile
    let account: KnownAccount

    /// - Returns: `nil` when auth knows nothing of the account.
    init?(_ profile: Profile) {
        guard let account = profile.account else { return nil }
        (self.profile, self.account) = (profile, account)
    }
}
