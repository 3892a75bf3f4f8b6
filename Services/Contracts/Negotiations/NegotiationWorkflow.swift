import Postgres
import ServiceKit
import SharedModels

/// From opening a negotiation to agreeing on its terms.
struct NegotiationWorkflow: Sendable {
    /// How many partners messages is told of, the latest ones.
    private static let mostPartners = 1000

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let peers: any DealPeers
    let prices: PriceRule
    let negotiations = NegotiationStore()
    let contracts = ContractStore()
    let audit = AuditStore()

    /// The client opens a negotiation with a shortlisted applicant.
    ///
    /// - Parameter terms: Recorded as the first round, if any are given.
    func open(
        _ gigID: GigID, with worker: AccountID, terms: Terms, by client: AccountID
    ) async throws -> Negotiation {
        // Before the applicant is reserved. A rate that comes from the gig is checked by the agreement.
        if terms.rate != nil { try terms.requirePayable(proposedIn: terms, by: prices) }
        let id = NegotiationID.make(at: clock.now)
        let gig = try await peers.engage(
            gigID, EngagementInput(negotiationID: id, clientUserID: client, workerUserID: worker))
        let opened = Negotiation(
            opening: id, gig, between: Parties(client: client, worker: worker), at: clock.now)
        do {
            return try await database.transaction { tx in
                var negotiation = opened
                if !terms.isEmpty { try negotiation.propose(terms, by: .client, at: opened.createdAt) }
                try await book.requireStaying(negotiation.parties, in: tx)
                try await negotiations.insert(negotiation, in: tx)
                try await audit.note(.stateChange, opened, from: nil, by: client, in: tx)
                if !terms.isEmpty {
                    try await audit.note(
                        .round, negotiation, from: opened.state, by: client,
                        payload: JSONValue(encoding: terms.input), in: tx)
                }
                try await scheduler.schedule(
                    ExpireNegotiation(id), at: opened.createdAt + IdleWorkflow.limit, in: tx)
                try await book.announce(NegotiationCreated.self, negotiation, in: tx)
                return negotiation
            }
        } catch let error as PostgresError where error.isUniqueViolation(of: NegotiationStore.oneLive) {
            throw NegotiationError.alreadyNegotiating
        }
    }

    /// A negotiation, for its parties, with the log on request.
    func get(
        _ id: NegotiationID, by caller: AccountID, withAudit: Bool
    ) async throws -> (negotiation: Negotiation, audit: [AuditEntry]?) {
        guard let negotiation = try await negotiations.find(id, in: database),
            negotiation.parties.role(of: caller) != nil
        else { throw NegotiationError.notFound }
        return (negotiation, withAudit ? try await audit.entries(of: id, in: database) : nil)
    }

    /// A page of an account's negotiations, newest first.
    func page(
        of account: AccountID, in state: NegotiationState?, waitingForThem: Bool = false,
        after cursor: PageCursor?, limit: Int
    ) async throws -> Page<Negotiation> {
        try await negotiations.page(
            of: account, in: state, waitingForThem: waitingForThem, after: cursor, limit: limit, in: database)
    }

    /// A party proposes terms. A fourth round is not recorded: it ends the negotiation.
    func propose(
        _ terms: Terms, in id: NegotiationID, by caller: AccountID, expecting check: VersionCheck
    ) async throws -> Negotiation {
        guard !terms.isEmpty else { throw NegotiationError.noTerms }
        let negotiation = try await database.transaction { tx in
            var (negotiation, role) = try await lock(id, for: caller, expecting: check, in: tx)
            let old = negotiation.state
            if negotiation.state == .inProgress, !negotiation.hasRoundsLeft {
                return try await book.expire(negotiation, by: .rounds, of: caller, in: tx)
            }
            try negotiation.require(.round, by: role)
            try negotiation.propose(terms, by: role, at: clock.now)
            try negotiation.terms.requirePayable(proposedIn: terms, by: prices)
            try await audit.note(
                .round, negotiation, from: old, by: caller, payload: JSONValue(encoding: terms.input), in: tx)
            try await book.save(negotiation, announcing: NegotiationUpdated.self, in: tx)
            // A contract that a revision left waiting also shows the possible next actions.
            if let contractID = negotiation.contractID, var contract = try await contracts.lock(contractID, in: tx) {
                try await book.save(&contract, in: tx)
            }
            return negotiation
        }
        guard negotiation.state != .expired else {
            // The expiry is committed even though the answer is a refusal, which would roll everything back.
            try await CommitScope.current?.commit()
            throw NegotiationError.roundsUsedUp
        }
        return negotiation
    }

    /// A party agrees to the present terms. Now there is a contract, which both must approve.
    ///
    /// - Parameter round: The round that the caller saw, if given. A newer one may have come in the meantime.
    func agree(
        to round: Int?, in id: NegotiationID, by caller: AccountID, expecting check: VersionCheck
    ) async throws -> Negotiation {
        try await database.transaction { tx in
            var (negotiation, role) = try await lock(id, for: caller, expecting: check, in: tx)
            try negotiation.require(.agree, by: role)
            if let round, round != negotiation.roundNumber {
                throw NegotiationError.staleRound(
                    current: negotiation.roundNumber, allowed: negotiation.nextActions.names(for: role))
            }
            guard let amount = negotiation.terms.weeklyAmount, prices.allows(amount) else {
                throw NegotiationError.notPayable(prices, allowed: negotiation.nextActions.names(for: role))
            }
            let old = negotiation.state
            let known = negotiation.contractID
            try negotiation.agree(making: known ?? .make(at: clock.now), at: clock.now)
            try await negotiations.save(negotiation, in: tx)
            try await audit.note(
                .stateChange, negotiation, from: old, by: caller,
                payload: ["round_number": .integer(Int64(negotiation.roundNumber))], in: tx)
            if let known, var contract = try await contracts.lock(known, in: tx) {
                contract.rewrite(on: negotiation.terms, amount: amount)
                try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
            } else if let contract = Contract(
                agreedIn: negotiation, amount: amount, at: clock.now)
            {
                try await contracts.insert(contract, in: tx)
                try await book.announce(ContractCreated.self, contract, in: tx)
            }
            try await book.announce(NegotiationUpdated.self, negotiation, in: tx)
            return negotiation
        }
    }

    /// A party does not want to go on. A contract that a revision left waiting ends with the negotiation.
    func decline(
        _ id: NegotiationID, reason: String?, by caller: AccountID, expecting check: VersionCheck
    ) async throws -> Negotiation {
        try await database.transaction { tx in
            let (negotiation, role) = try await lock(id, for: caller, expecting: check, in: tx)
            try negotiation.require(.decline, by: role)
            return try await book.expire(
                negotiation, by: .decline, of: caller, payload: reason.map { ["reason": .string($0)] } ?? [:], in: tx)
        }
    }

    /// A party says how the other one can reach it, in any state of the negotiation.
    ///
    /// The log and the events do not include it, because others may read them. A repeat changes nothing.
    ///
    /// - Throws: ``ActionError/partyIsLeaving``, also when the deal is over: contact data that was deleted must not
    ///   come back.
    func share(
        _ contact: ContactShare, in id: NegotiationID, by caller: AccountID, expecting check: VersionCheck
    ) async throws -> Negotiation {
        try await database.transaction { tx in
            var (negotiation, role) = try await lock(
                id, for: caller, expecting: check, evenOnceOver: true, in: tx)
            guard negotiation.contacts[role] != contact else { return negotiation }
            negotiation.share(contact, of: role, at: clock.now)
            try await negotiations.save(negotiation, in: tx)
            return negotiation
        }
    }

    /// How many deals of an account are not over.
    func openDeals(of account: AccountID) async throws -> OpenDeals {
        let deals = try await negotiations.openDeals(of: account, in: database)
        let hires = try await HireStore().openDeals(of: account, in: database)
        return OpenDeals(
            asClient: deals.asClient + hires.asClient, asWorker: deals.asWorker + hires.asWorker)
    }

    func deals(between one: AccountID, and other: AccountID) async throws -> SharedDeals {
        try await negotiations.deals(between: one, and: other, in: database)
    }

    /// With whom an account has contracts that were not deleted, the latest first.
    func partners(of account: AccountID) async throws -> [AccountID] {
        try await negotiations.partners(of: account, limit: Self.mostPartners, in: database)
    }

    /// The `ids` of negotiations that are over, including those with a contract.
    func ended(among ids: [NegotiationID]) async throws -> [NegotiationID] {
        try await negotiations.ended(among: ids, in: database)
    }

    /// - Parameter evenOnceOver: Whether both parties must still have their accounts even when the negotiation is
    ///   closed.
    private func lock(
        _ id: NegotiationID, for caller: AccountID, expecting check: VersionCheck, evenOnceOver: Bool = false,
        in tx: Transaction
    ) async throws -> (Negotiation, PartyRole) {
        guard let negotiation = try await negotiations.lock(id, in: tx),
            let role = negotiation.parties.role(of: caller)
        else { throw NegotiationError.notFound }
        try check(negotiation.version)
        if negotiation.closedAt == nil || evenOnceOver {
            try await book.requireStaying(negotiation.parties, in: tx)
        }
        return (negotiation, role)
    }
}
