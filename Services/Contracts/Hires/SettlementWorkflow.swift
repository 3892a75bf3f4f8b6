import Postgres
import ServiceKit
import SharedModels

/// What payments asks about the money of hires: whether one can be paid, what a payment is for, and whether its money can
/// be released or divided. Each decision is made under the hire's lock, and a repeat decides the same.
struct SettlementWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let book: HireBook
    let peers: any HirePeers
    let hires = HireStore()
    let settlements = SettlementStore()

    /// Whether a job can be paid for now.
    ///
    /// - Throws: ``SettlementError``; `PeerRefusal` as jobs refuses, and `OutboundError` when it cannot be asked.
    func quote(_ offer: CheckoutOffer) async throws -> CheckoutQuote {
        guard let hire = try await hires.find(of: offer.jobID, in: database) else {
            let job = try await peers.hireable(offer.jobID, offer.hiring)
            return CheckoutQuote(contractID: nil, jobTitle: job.title)
        }
        guard hire.parties.client == offer.clientUserID else { throw SettlementError.othersJob }
        guard hire.isFor(offer) else { throw SettlementError.otherFreelancer }
        guard !hire.isPaid, !hire.status.isEnd else { throw SettlementError.isPaid }
        guard hire.amount == .inr(paise: offer.amount) else { throw SettlementError.otherAmount(hire.amount) }
        return CheckoutQuote(contractID: hire.id, jobTitle: hire.jobTitle)
    }

    /// Attaches a payment to its hire, and makes the hire when the client paid first.
    ///
    /// A hire that a payment makes has the payment's id, so that a repeat after a crash finds the job reserved for
    /// itself.
    ///
    /// - Throws: ``SettlementError/undecided`` while a deletion or another hire is under way; `OutboundError` when jobs
    ///   cannot be asked.
    func settle(_ id: CheckoutID, _ offer: CheckoutOffer) async throws -> Settlement {
        if let settlement = try await decide(id, offer, job: nil) { return settlement }
        let job: Result<HiredJob, PeerRefusal>
        do {
            job = .success(try await peers.hire(offer.jobID, for: ContractID(id.uuid), offer.hiring))
        } catch let refusal as PeerRefusal where refusal.isFinal {
            job = .failure(refusal)
        }
        guard let settlement = try await decide(id, offer, job: job) else { throw SettlementError.undecided }
        return settlement
    }

    /// - Parameter job: Jobs' answer, if it was asked.
    /// - Returns: `nil` when jobs must be asked.
    private func decide(
        _ id: CheckoutID, _ offer: CheckoutOffer, job: Result<HiredJob, PeerRefusal>?
    ) async throws -> Settlement? {
        try await database.transaction { tx in
            try await settlements.lock(id, in: tx)
            if let known = try await settlements.find(id, in: tx) {
                let hires = try await hires.find(known.contractID.map { [$0] } ?? [], in: tx)
                return Settlement(isAccepted: known.isAccepted, hire: hires.first)
            }
            let departure = try await book.deals.departures.standing(of: offer.parties, at: clock.now, in: tx)
            // Whether the account stays is known within a minute.
            guard departure != .reserved else { throw SettlementError.undecided }
            if let hire = try await hires.lock(of: offer.jobID, in: tx) {
                return try await settle(id, offer, for: hire, isOpen: departure == nil, in: tx)
            }
            if let canceled = offer.contractID {
                return try await refuse(id, of: hires.find(canceled, in: tx), in: tx)
            }
            guard departure == nil else { return try await refuse(id, of: nil, in: tx) }
            switch job {
            case nil: return nil
            // Another hire of the job is being made, or was canceled a moment ago.
            case .failure(let refusal) where refusal.code == .conflict: throw SettlementError.undecided
            case .failure: return try await refuse(id, of: nil, in: tx)
            case .success(let job): return try await make(id, offer, of: job, in: tx)
            }
        }
    }

    private func settle(
        _ id: CheckoutID, _ offer: CheckoutOffer, for before: Hire, isOpen: Bool, in tx: Transaction
    ) async throws -> Settlement {
        guard isOpen, before.takes(offer) else { return try await refuse(id, of: before, in: tx) }
        var hire = before
        try hire.pay(at: clock.now)
        try await book.save(&hire, telling: .paid, in: tx)
        try await settlements.insert(id, contract: hire.id, isAccepted: true, at: clock.now, in: tx)
        return Settlement(isAccepted: true, hire: hire)
    }

    private func make(
        _ id: CheckoutID, _ offer: CheckoutOffer, of job: HiredJob, in tx: Transaction
    ) async throws -> Settlement {
        let made = try await book.add(
            { number in
                var hire = Hire(
                    id: ContractID(id.uuid), number: number, of: job, between: offer.parties,
                    for: Money.inr(paise: offer.amount), at: clock.now)
                try hire.pay(at: clock.now)
                return hire
            }, in: tx)
        // The client made it by the other way in the meantime: look again.
        guard let made else { throw SettlementError.undecided }
        try await settlements.insert(id, contract: made.id, isAccepted: true, at: clock.now, in: tx)
        return Settlement(isAccepted: true, hire: made)
    }

    private func refuse(_ id: CheckoutID, of hire: Hire?, in tx: Transaction) async throws -> Settlement {
        try await settlements.insert(id, contract: hire?.id, isAccepted: false, at: clock.now, in: tx)
        return Settlement(isAccepted: false, hire: hire)
    }

    /// The money of a completed hire is to be released. A repeat changes nothing.
    func release(_ id: ContractID) async throws -> Hire {
        try await database.transaction { tx in
            guard var hire = try await hires.lock(id, in: tx) else { throw HireError.notFound }
            guard hire.status == .completed else { throw SettlementError.notCompleted(hire.status) }
            if hire.release == .approved { return hire }
            guard hire.release.allows(.approve) else { throw SettlementError.notRequested }
            hire.release = try hire.release.applying(.approve)
            try await book.save(&hire, telling: .released, in: tx)
            return hire
        }
    }

    /// A paid hire is canceled, and its money divided. A repeat changes nothing.
    ///
    /// - Returns: The hire, and the status that the division follows from.
    func cancel(
        _ id: ContractID, _ cancellation: HireCancellation
    ) async throws -> (Hire, stage: CheckoutContractStatus) {
        try await database.transaction { tx in
            guard var hire = try await hires.lock(id, in: tx) else { throw HireError.notFound }
            if let stage = hire.dividedAt { return (hire, stage) }
            guard hire.status.allows(.cancel) else { throw SettlementError.notDivisible(hire.status) }
            guard hire.isPaid else { throw SettlementError.notPaid }
            let stage = hire.status
            try hire.refund(cancellation, at: clock.now)
            try await book.save(&hire, telling: .canceled, in: tx)
            return (hire, stage)
        }
    }

    func find(_ ids: [ContractID]) async throws -> [Hire] { try await hires.find(ids, in: database) }
}

extension CheckoutOffer {
    fileprivate var hiring: HiringInput { HiringInput(clientUserID: clientUserID, freelancerUserID: freelancerUserID) }
    fileprivate var parties: Parties { Parties(client: clientUserID, worker: freelancerUserID) }
}
