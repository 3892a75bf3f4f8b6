import Logging
import Postgres
import ServiceKit
import SharedModels
import Synchronization

/// The names of people in messages, those of blocked accounts excepted. Without them a message says “the client” or “somebody”: so a slow or missing talent
/// service holds up no message for longer than ``Lookup/deadline``.
final class NameLookup: Sendable {
    /// How long a name is remembered.
    private static let memory = Duration.minutes(5)
    /// How many names are remembered.
    private static let most = 10_000

    private struct Known {
        let name: String
        let until: ContinuousClock.Instant
    }

    private let ask: @Sendable ([AccountID]) async throws -> [Person]
    private let blocked: @Sendable ([AccountID]) async throws -> Set<AccountID>
    private let lookup: Lookup
    private let known = Mutex<[AccountID: Known]>([:])

    /// - Parameters:
    ///   - blocked: Which of some accounts are blocked.
    ///   - ask: Asks talent who some accounts are.
    init(
        logger: Logger, blocked: @escaping @Sendable ([AccountID]) async throws -> Set<AccountID>,
        _ ask: @escaping @Sendable ([AccountID]) async throws -> [Person]
    ) {
        lookup = Lookup(at: .talent, logger: logger)
        (self.blocked, self.ask) = (blocked, ask)
    }

    convenience init(
        database: Database, logger: Logger, _ ask: @escaping @Sendable ([AccountID]) async throws -> [Person]
    ) {
        self.init(
            logger: logger, blocked: { try await BlockedStore().find(among: $0, in: database) }, ask)
    }

    convenience init(peers: Peers, database: Database, logger: Logger) {
        self.init(database: database, logger: logger) { accounts in
            try await peers.call(
                Endpoints.people.people, PeopleQuery(userIDs: accounts), deadline: Lookup.deadline
            ).people
        }
    }

    /// Never call inside a transaction.
    func find(_ accounts: [AccountID]) async -> KnownNames {
        let wanted = Set(accounts)
        guard !wanted.isEmpty else { return [:] }
        var names: KnownNames = known.withLock { known in
            let found = wanted.compactMap { account in known[account].map { (account, $0) } }
            return Dictionary(uniqueKeysWithValues: found.filter { .now < $0.1.until }.map { ($0.0, $0.1.name) })
        }
        let unknown = wanted.filter { names[$0] == nil }
        if !unknown.isEmpty { names.merge(await learn(unknown)) { _, new in new } }
        return await shown(names)
    }

    /// While the database does not tell who is blocked, nobody is named.
    private func shown(_ names: KnownNames) async -> KnownNames {
        guard let blocked = try? await self.blocked(Array(names.keys)) else { return [:] }
        return names.filter { !blocked.contains($0.key) }
    }

    private func learn(_ unknown: Set<AccountID>) async -> KnownNames {
        let found = await lookup.find(unknown, by: \.userID, ask).mapValues(\.name)
        known.withLock { known in
            if known.count + found.count > Self.most { known = [:] }
            for (account, name) in found {
                known[account] = Known(name: name, until: .now + Self.memory)
            }
        }
        return found
    }
}
