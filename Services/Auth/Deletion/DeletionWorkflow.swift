import Logging
import Postgres
import ServiceKit
import SharedModels

/// The deletion of an account (decision 0014).
///
/// First contracts blocks every move of the account, then payments is asked. Only when nothing is open is the account
/// deleted, in one transaction. Its event makes the other services delete their data about it.
struct DeletionWorkflow: Sendable {
    /// How long after the question to contracts an account may still be deleted: its reservation, less the longest time
    /// that a commit takes.
    static let limit = ContractsInternal.reservation - .seconds(15)

    let database: Database
    let clock: any DomainClock
    let outbox: Outbox
    let peers: any DeletionPeers
    let accounts: AccountStore
    let oauth: OAuthTokenEnd
    let revocations: RevocationStore
    let logger: Logger
    let digests: IdentityDigests
    let deletions = DeletionStore()
    let departures = DepartureStore()

    /// Deletes an account for good.
    ///
    /// - Throws: ``DeletionError/accountInUse(_:)`` while money or a dispute is open, ``AccountError/hasEnded`` when
    ///   another request was faster, ``DeletionError/tooSlow``; `PeerRefusal` and `OutboundError` when it cannot be
    ///   found out what is open.
    func delete(_ id: AccountID, reason: String?) async throws {
        let begin = clock.now
        let departure = DepartureID.make(at: begin)
        let deals = try await peers.depart(id, as: departure)
        do {
            let blockers = try await deals.adding(peers.openMoney(of: id))
            guard blockers.isEmpty else { throw DeletionError.accountInUse(blockers) }
        } catch {
            if deals.isEmpty { await stay(id, insteadOf: departure) }
            throw error
        }
        try await end(id, reason: reason, by: begin + Self.limit)
    }

    /// - Parameter deadline: By the marketplace's clock, which contracts uses too.
    private func end(_ id: AccountID, reason: String?, by deadline: Timestamp) async throws {
        let now = clock.now
        try await database.transaction { tx in
            guard let account = try await accounts.lock(id, in: tx) else { throw AccountError.hasEnded }
            try await departures.remember(id, as: digests.of(account), in: tx)
            try await deletions.bury(id, reason: reason, at: now, in: tx)
            try await oauth.removeAll(of: id, in: tx)
            try await revocations.announce(.account(id), in: tx)
            try await outbox.append(.accountDeleted(account, at: now), in: tx)
            // Checked after all the waits, because contracts' answer holds only for its reservation.
            guard clock.now <= deadline else { throw DeletionError.tooSlow }
        }
    }

    /// Runs in a separate task, because the caller may have disconnected. If this fails, the account can move again a
    /// minute later anyway.
    private func stay(_ id: AccountID, insteadOf departure: DepartureID) async {
        await Task {
            do {
                try await peers.stay(id, insteadOf: departure)
            } catch {
                logger.warning(
                    "the deals of an account that was not deleted stay blocked for a minute",
                    metadata: ["account": "\(id)", "error": "\(error)"])
            }
        }.value
    }
}

/// What a blocker is about, independent of which service reports it.
private struct Thing: Hashable {
    let kind: DeletionBlockerKind
    let contract: ContractID?
    let milestone: MilestoneID?

    init(_ blocker: DeletionBlocker) {
        kind = blocker.kind
        contract = blocker.contractID
        milestone = blocker.milestoneID
    }
}

extension [DeletionBlocker] {
    /// Adds those of `others` that are not in the list yet: contracts and payments both report held money.
    func adding(_ others: [DeletionBlocker]) -> Self {
        let known = Set(map(Thing.init))
        return self + others.filter { !known.contains(Thing($0)) }
    }
}

extension DeletionBlocker {
    /// The blocker in words for the account's owner.
    var issue: InputIssue {
        let contract = contractID.map { "\($0)" } ?? "none yet"
        let place = "contract \(contract)\(milestoneID.map { ", milestone \($0)" } ?? "")"
        let id = milestoneID.map { "\($0)" } ?? contract
        return switch kind {
        case .dispute:
            InputIssue(
                path: "disputes.\(disputeID.map { "\($0)" } ?? id)",
                message: "is open and must be resolved first (\(place))")
        case .money where contractID == nil:
            InputIssue(path: "payments", message: "has one under way that must arrive or go back first")
        case .money:
            InputIssue(
                path: "\(milestoneID == nil ? "contracts" : "milestones").\(id)",
                message: "has money that must be released or given back first (\(place))")
        case .payout:
            InputIssue(
                path: "payouts.\(id)",
                message: "has not left yet\(payoutAt.map { " and is due on \($0.day)" } ?? "") (\(place))")
        case .chargeback:
            InputIssue(
                path: "payments.\(id)", message: "is disputed by the client's bank, which must decide first (\(place))")
        case .wallet:
            InputIssue(
                path: "wallet",
                message:
                    "holds \(Money.inr(paise: balance ?? 0).decimalText) INR; ask the operator to "
                    + "pay it out first")
        case .debt:
            InputIssue(
                path: "wallet",
                message:
                    "lacks \(Money.inr(paise: balance ?? 0).decimalText) INR that clients' banks and cards took back; "
                    + "pay that to the operator, or ask for it to be written off")
        }
    }
}

extension Announcement {
    /// The sequence is the version that the deletion gave the account.
    fileprivate static func accountDeleted(_ account: Account, at now: Timestamp) throws -> Self {
        try Self(
            AccountDeleted.self, of: account.id, sequence: account.version + 1, AccountReference(userID: account.id),
            at: now)
    }
}
