import Logging
import Postgres
import ServiceKit
import ServiceLifecycle
import SharedModels
import Synchronization

/// Who is there, on every replica. Those whom an account shares a conversation or a contract with are told.
///
/// A process says every few seconds that it is there. When it is killed, the others notice, and who was there through it
/// alone is not there any more.
final class PresenceWorkflow: Service {
    /// A killed process is missed after this time.
    static let lease = Duration.seconds(8)

    private let database: Database
    private let peers: any MessagesPeers
    private let logger: Logger
    private let store = PresenceStore()
    private let conversations = ConversationStore()
    let replica: ReplicaID
    private let lease: Duration
    /// Whose sockets of this process say that they are there, each by its name.
    private let here = Mutex<[AccountID: Set<String>]>([:])
    /// Whose presence could not be written down. The next renewal does.
    private let unsettled = Mutex<Set<AccountID>>([])

    init(
        database: Database, clock: any DomainClock, peers: any MessagesPeers, lease: Duration = PresenceWorkflow.lease,
        logger: Logger
    ) {
        (self.database, self.peers, self.lease, self.logger) = (database, peers, lease, logger)
        replica = .make(at: clock.now)
    }

    /// A socket says that its account is there.
    ///
    /// - Returns: Those of the account's partners who are there, too.
    func come(_ account: AccountID, through socket: String) async throws -> [AccountID] {
        here.withLock { _ = $0[account, default: []].insert(socket) }
        do {
            let partners = try await partners(of: account)
            try await settle(account, partners)
            return try await store.online(among: partners, in: database)
        } catch {
            settleLater(account)
            throw error
        }
    }

    /// A socket has ended. It may never have said that it was there.
    func leave(_ account: AccountID, through socket: String) async {
        let wasLast = here.withLock { here in
            guard here[account]?.remove(socket) != nil, here[account]?.isEmpty == true else { return false }
            here[account] = nil
            return true
        }
        guard wasLast else { return }
        do {
            try await settle(account, try await partners(of: account))
        } catch {
            logger.warning("a presence could not be ended", metadata: ["error": "\(error)"])
            settleLater(account)
        }
    }

    private func settleAllLater() {
        let accounts = here.withLock { Set($0.keys) }
        unsettled.withLock { $0.formUnion(accounts) }
    }

    private func settleLater(_ account: AccountID) { unsettled.withLock { _ = $0.insert(account) } }

    /// Writes down whether the account is there through this process, and tells when it came or left.
    private func settle(_ account: AccountID, _ partners: [AccountID]) async throws {
        try await database.transaction { tx in
            try await store.lock(account, in: tx)
            let wasOnline = try await store.isOnline(account, in: tx)
            // As it is now: of two changes at once, the later one sees both.
            if here.withLock({ $0[account] != nil }) {
                // It begins, or was taken for gone: then the others are not written down either.
                if try await !store.renew(replica, for: lease, in: tx).wasThere { settleAllLater() }
                try await store.insertIfAbsent(account, through: replica, in: tx)
            } else {
                try await store.delete(account, through: replica, in: tx)
            }
            let isOnline = try await store.isOnline(account, in: tx)
            if isOnline != wasOnline { try await tell(account, isOnline, to: partners, in: tx) }
        }
    }

    private func tell(
        _ account: AccountID, _ isOnline: Bool, to partners: [AccountID], in tx: Transaction
    ) async throws {
        for start in stride(from: 0, to: partners.count, by: ChatSignal.mostAccounts) {
            let part = Array(partners[start..<min(start + ChatSignal.mostAccounts, partners.count)])
            try await ChatSignal.presence(account, isOnline: isOnline, for: part).tell(in: tx)
        }
    }

    /// Those whom an account shares a conversation or a contract with.
    func partners(of account: AccountID) async throws -> [AccountID] {
        var partners = try await conversations.others(
            of: account, limit: PresenceStore.mostPartners, in: database)
        do {
            let known = Set(partners)
            partners += try await peers.dealPartners(of: account).filter { !known.contains($0) }
        } catch {
            // Contracts cannot be asked just now; who has written with the account is told.
            logger.info("partners of deals are not known", metadata: ["error": "\(error)"])
        }
        return Array(partners.prefix(PresenceStore.mostPartners))
    }

    // MARK: - Leases

    /// Renews the lease until the process shuts down, then gives it up.
    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.renew()
                // A cancelled wait needs no handling: the loop's condition ends it.
                try? await Task.sleep(for: Self.lease / 4)
            }
        }
        // The others see the lease end otherwise.
        try? await sweep(and: replica)
    }

    /// Says that this process is there, and ends the presence of those that are not.
    func renew() async {
        do {
            let (wasThere, anyIsGone) = try await store.renew(replica, for: lease, in: database)
            var accounts = unsettled.withLock { unsettled in
                defer { unsettled = [] }
                return unsettled
            }
            if !wasThere { accounts.formUnion(here.withLock { Set($0.keys) }) }
            do {
                for account in accounts { try await settle(account, try await partners(of: account)) }
            } catch {
                for account in accounts { settleLater(account) }
                throw error
            }
            if anyIsGone { try await sweep(and: nil) }
        } catch {
            logger.warning("the lease of sockets could not be renewed", metadata: ["error": "\(error)"])
        }
    }

    private func sweep(and own: ReplicaID?) async throws {
        let lost = try await database.transaction { tx in try await store.removeGone(and: own, in: tx) }
        for account in lost {
            let partners = try await partners(of: account)
            try await database.transaction { tx in
                try await store.lock(account, in: tx)
                guard try await !store.isOnline(account, in: tx) else { return }
                try await tell(account, false, to: partners, in: tx)
            }
        }
    }
}
