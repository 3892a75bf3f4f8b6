import Logging
import Postgres
import ServiceKit
import SharedModels

/// Advice on a dispute: a party asks for it, it is stored on the dispute, and it changes nothing by itself.
///
/// The advisor is asked once about a case. A later question about the same case gets the same advice, and a question in
/// the meantime waits for it, on any replica. Each account may cause questions about a limited number of cases per day
/// (``AdviceAsk/limit``).
///
/// A request with a hosted agent's key first spends one recommendation of the agent's month. It is given back when no
/// advice came, or when it came too late. A process that dies before its answer does not give it back, so the limit is
/// never exceeded.
struct RecommendationWorkflow: Sendable {
    /// How long a caller waits for advice that another caller asked for: a little longer than the advisor may take.
    static let patience = LanguageModel.deadline + .seconds(2)
    /// The pause between two looks at it.
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
    /// - Throws: ``NoAdvice``, ``TooMuchAdvice``, and `PeerRefusal` with `agentPaused` for an agent that has used up
    ///   its month. The dispute is then unchanged.
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
        /// The case already has advice.
        case given(Dispute, Contract)
        case ours(AdviceAsk, CaseFile)
        /// Another caller is asking about the same case.
        case theirs(AdviceAsk)
    }

    /// Records that the advisor is being asked, unless it already was or is.
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
        // Committed first: others must see it, and no transaction may be open while the advisor is asked.
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

    /// Runs in a separate task, because the caller may have disconnected. If this fails, the lease ends the ask.
    private func end(_ ask: AdviceAsk) async {
        await Task.detached {
            do {
                try await asks.end(ask.id, at: clock.now, in: database)
            } catch {
                logger.warning(
                    "a question to the advisor could not be marked as ended",
                    metadata: ["dispute": "\(ask.disputeID)", "error": "\(error)"])
            }
        }.value
    }

    /// Waits until another caller's ask has ended, with or without advice.
    private func wait(for ask: AdviceAsk) async throws {
        let deadline = ContinuousClock.now + Self.patience
        while try await asks.isUnderWay(ask.id, in: database) {
            guard ContinuousClock.now < deadline, clock.now < ask.leaseUntil else {
                throw NoAdvice(reason: "what another caller had asked for did not come in time")
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Spends one recommendation of the agent's month on `body`. Gives it back when `body` fails, and also when auth
    /// did not answer, because auth may have recorded the spending all the same.
    private func spending<Result>(
        of agent: HostedAgentID?, _ body: () async throws -> Result
    ) async throws -> Result {
        guard let agent else { return try await body() }
        let spending = SpendingID.make(at: clock.now)
        do {
            try await peers.spendAdvice(spending, of: agent)
            return try await body()
        } catch let refusal as PeerRefusal where refusal.code == .agentPaused {
            // Auth refused, so nothing was spent.
            throw refusal
        } catch {
            await giveBack(spending, of: agent)
            throw error
        }
    }

    /// Runs in a separate task, because the caller may have disconnected. If this fails, one recommendation too many
    /// counts as spent.
    private func giveBack(_ spending: SpendingID, of agent: HostedAgentID) async {
        await Task {
            do {
                // What could not be stored is undone, and its transaction may still be open.
                try await CommitScope.current?.commit()
                try await peers.giveAdviceBack(spending, of: agent)
            } catch {
                logger.warning(
                    "a spent recommendation could not be given back",
                    metadata: ["agent": "\(agent)", "error": "\(error)"])
            }
        }.value
    }
}
