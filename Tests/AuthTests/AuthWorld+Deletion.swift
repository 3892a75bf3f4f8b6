import Postgres
import ServiceKit
import SharedModels
import TestSupport

@testable import AuthService

/// Contracts and payments, as far as auth calls them.
final class FakePeers: DeletionPeers, Fake {
    struct State {
        var deals: [DeletionBlocker] = []
        var money: [DeletionBlocker] = []
        /// Called when payments is asked.
        var onAsking: @Sendable () -> Void = {}
        /// Thrown by payments.
        var outage: (any Error)?
        /// Whether the caller has disconnected by the time payments is asked.
        var isHungUp = false
        /// The accounts that are blocked, each by its own deletion.
        var departures: Set<DepartureID> = []
        var isKeptOut: Bool { !departures.isEmpty }
    }

    let state = Shared(State())

    func depart(_: AccountID, as id: DepartureID) async throws -> [DeletionBlocker] {
        state.change { state in
            if state.deals.isEmpty { state.departures.insert(id) }
            return state.deals
        }
    }

    func stay(_: AccountID, insteadOf id: DepartureID) async throws {
        try Task.checkCancellation()
        _ = state.change { $0.departures.remove(id) }
    }

    func openMoney(of _: AccountID) async throws -> [DeletionBlocker] {
        current.onAsking()
        if current.isHungUp { withUnsafeCurrentTask { $0?.cancel() } }
        return try state.change { state in
            if let outage = state.outage { throw outage }
            return state.money
        }
    }
}

// An account that is to be deleted.
extension AuthWorld {
    /// A browser's session of the account.
    func session() async throws -> String {
        let made = Session.make(for: account, at: clock.now)
        try await database.transaction { try await SessionStore().insert(made.session, in: $0) }
        return made.text
    }

    func isAccepted(_ secret: String, _ source: CredentialSource) async throws -> Bool {
        try await judge.resolve(CredentialInput(source: source, secret: secret, unspent: 0)).principal != nil
    }

    /// The result of a call that meets a deletion under way, and waits for it.
    func overtaking<Value: Sendable>(
        _ call: @escaping @Sendable () async throws -> Value
    ) async throws -> Result<Value, any Error> {
        let called = try await database.transaction { tx in
            _ = try await AccountStore().lock(account, in: tx)
            let called = Task.detached { try await call() }
            try await database.waitUntilBlocked(1)
            // A transaction that waits for the account has locked nothing else of it.
            for table: SQL in ["passwords", "hosted_agents", "api_keys"] {
                try await tx.execute(
                    "SELECT FROM \(fragment: table) WHERE account_id = \(account) FOR UPDATE NOWAIT")
            }
            try await DeletionStore().bury(account, reason: nil, at: clock.now, in: tx)
            return called
        }
        return await called.result
    }

    func destinations(of name: InternalEventName) async throws -> [String] {
        try await database.all(
            "SELECT destination FROM outbox WHERE name = \(name.rawValue) ORDER BY destination"
        ) { try $0.decode("destination") }
    }

    /// Every text that could identify the owner.
    func words() async throws -> [String] {
        try await database.all(
            """
            SELECT concat_ws(' ', display_name, email, github_username, github_id) AS line FROM accounts
            UNION ALL SELECT name FROM api_keys WHERE name IS NOT NULL
            UNION ALL SELECT name FROM hosted_agents
            """
        ) { try $0.decode("line") }
    }
}
