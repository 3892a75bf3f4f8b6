import Logging
import Postgres
import ServiceKit
import SharedModels

/// Advice on a dispute: asked for by a party, stored on the dispute, and followed by nothing.
///
/// The advisor is asked once about a case: who asks about the same case again is given the same advice, and who asks
/// while it is being given waits for it, on whichever replica. Each account may have it asked about so many cases a day
/// (``AdviceAsk/limit``).
///
/// Asked for with a hosted agent's key it spends one of the agent's month, before anything else. It is given back when
/// there was no advice, also when it came too late. What a process had spent that died before its answer stays spent:
/// the limit is never passed.
struct RecommendationWorkflow: Sendable {
    /// How long a caller waits for advice that another one has asked for: a little longer than the advisor may take.
    static let patience = LanguageModel.deadline + .seconds(2)
    /// Between two looks at it.
    private static let pause = Duration.milliseconds(50)

    let database: Database
    let clock: any DomainClock
    let book: DealBook
    let peers: any DealPeers
    let logger: Logger
    let disputes = DisputeStore()
    let evidence = EvidenceStore()
    let asks = AdviceAskStore()
    let advisor: any DisputeAdvisor

    /// A party asks for advice.
    ///
    /// - Throws: ``NoAdvice``, ``TooMuchAdvice``, and `PeerRefusal` with `agentPaused` for an agent that has used up its
    ///   month; the dispute is as it was then.
    func recommend(
        on id: DisputeID, by caller: Principal, expecting check: VersionCheck
    ) async throws -> (Dispute, Contract) {
        let (dispute, contract) = try await book.find(id, in: database)
        let role = try contract.role(inDisputeOf: caller.accountID)
        try check(dispute.version)
        try dispute.require(.recommend, by: role, at: clock.now)
        return try await spending(of: caller.hostedAgentID) {
            switch try await begin(on: id, by: caller.accountID, as: role) {
            case .given(let dispute, let contract): return (dispute, contract)
            case .ours(let ask, let file): return try await give(ask, on: file, for: role)
            case .theirs(let ask):
                try await wait(for: ask)
                let (dispute, contract) = try await book.find(id, in: database)
                guard dispute.recommendation?.caseDigest == ask.caseDigest else {
                    throw NoAdvice(reason: "what another caller had asked for came to nothing")
                }
                return (dispute, contract)
            }
        }
    }

    private enum Beginning: Sendable {
        /// The case was advised on before.
        case given(Dispute, Contract)
        case ours(AdviceAsk, CaseFile)
        /// Somebody else is asking about the same case.
        case theirs(AdviceAsk)
    }

    /// Notes that the advisor is being asked, unless it was or is already.
    private func begin(on id: DisputeID, by account: AccountID, as role: PartyRole) async throws -> Beginning {
        let beginning = try await database.transaction { tx -> Beginning in
            let now = clock.now
            let (dispute, contract) = try await book.lock(id, in: tx)
            try dispute.require(.recommend, by: role, at: now)
            let file = try await self.file(of: dispute, contract, at: now, in: tx)
            if dispute.recommendation?.caseDigest == file.digest { return .given(dispute, contract) }
            if let ask = try await asks.current(of: id, in: tx) {
                if ask.caseDigest == file.digest, now < ask.leaseUntil { return .theirs(ask) }
                try await asks.end(ask.id, at: now, in: tx)
            }
            let earlier = try await asks.asked(by: account, since: now - AdviceAsk.window, in: tx)
            if earlier.count >= AdviceAsk.limit {
                throw TooMuchAdvice(wait: earlier[earlier.count - AdviceAsk.limit] + AdviceAsk.window - now)
            }
            let ask = AdviceAsk(on: file, of: id, by: account, at: now)
            try await asks.insert(ask, in: tx)
            return .ours(ask, file)
        }
        // Others must see it, and no transaction is open while the advisor is asked.
        try await CommitScope.current?.commit()
        return beginning
    }

    private func file(
        of dispute: Dispute, _ contract: Contract, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> CaseFile {
        CaseFile(
            dispute, over: try contract.milestone(dispute.milestoneID), of: contract,
            try await evidence.find(of: dispute.id, in: executor), at: now)
    }

    private func give(
        _ ask: AdviceAsk, on file: CaseFile, for role: PartyRole
    ) async throws -> (Dispute, Contract) {
        do {
            return try await store(advisor.advice(on: file), ask, for: role)
        } catch {
            await end(ask)
            throw error
        }
    }

    private func store(
        _ advice: Advice, _ ask: AdviceAsk, for role: PartyRole
    ) async throws -> (Dispute, Contract) {
        try await database.transaction { tx in
            let now = clock.now
            var (dispute, contract) = try await book.lock(ask.disputeID, in: tx)
            try dispute.require(.recommend, by: role, at: now)
            let file = try await self.file(of: dispute, contract, at: now, in: tx)
            guard file.digest == ask.caseDigest else {
                throw DisputeError.outdatedAdvice(allowed: dispute.nextActions(at: now).names(for: role))
            }
            try dispute.note(advice, on: file, at: now)
            try await disputes.save(dispute, in: tx)
            try await asks.end(ask.id, at: now, in: tx)
            return (dispute, contract)
        }
    }

    /// In a task of its own, since the caller may be gone. Where this fails, the lease ends the ask.
    private func end(_ ask: AdviceAsk) async {
        await Task.detached {
            do {
                try await asks.end(ask.id, at: clock.now, in: database)
            } catch {
                logger.warning(
                    "an ask for advice was not ended", metadata: ["dispute": "\(ask.disputeID)", "error": "\(error)"])
            }
        }.value
    }

    /// Waits until what somebody else has asked for has ended, well or not.
    private func wait(for ask: AdviceAsk) async throws {
        let deadline = ContinuousClock.now + Self.patience
        while try await asks.isUnderWay(ask.id, in: database) {
            guard ContinuousClock.now < deadline, clock.now < ask.leaseUntil else {
                throw NoAdvice(reason: "what another caller had asked for did not come in time")
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Spends one of the agent's month on what `body` does, and gives it back when that fails, or when auth
    /// did not answer: it may have noted the spending all the same.
    private func spending<Result>(
        of agent: HostedAgentID?, _ body: () async throws -> Result
    ) async throws -> Result {
        guard let agent else { return try await body() }
        let spending = SpendingID.make(at: clock.now)
        do {
            try await peers.spendAdvice(spending, of: agent)
            return try await body()
        } catch let refusal as PeerRefusal where refusal.code == .agentPaused {
            // Nothing was spent.
            throw refusal
        } catch {
            await giveBack(spending, of: agent)
            throw error
        }
    }

    /// In a task of its own, since the caller may be gone. Where this fails one too many counts as spent.
    private func giveBack(_ spending: SpendingID, of agent: HostedAgentID) async {
        await Task {
            do {
                // What could not be stored is undone, and its transaction may still be open.
                try await CommitScope.current?.commit()
                try await peers.giveAdviceBack(spending, of: agent)
            } catch {
                logger.warning(
                    "a recommendation that was not given stays spent",
                    metadata: ["agent": "\(agent)", "error": "\(error)"])
            }
        }.value
    }
}
