import Logging
import Postgres
import ServiceKit
import SharedModels

/// What admins have done about cases. The case stays open until it is done, so a call that was broken off is repeated.
struct CaseResolver: Sendable {
    let database: Database
    let clock: any DomainClock
    let stripe: StripeClient
    let escrows: EscrowWorkflow
    let checkouts: CheckoutWorkflow
    let payees: PayeeWorkflow
    let cases: CaseStore
    let logger: Logger
    let ledger = Ledger()
    let withdrawals = WithdrawalStore()

    /// - Throws: ``CaseError``; what keeps the action from being carried out.
    func resolve(
        _ id: EscrowCaseID, by action: CaseAction, because note: String, admin: AccountID
    ) async throws -> EscrowCase {
        guard let known = try await cases.find(id, in: database) else { throw CaseError.notFound(id) }
        guard known.closedAt == nil else { throw CaseError.closed }
        guard known.allowedActions.contains(action) else {
            throw CaseError.notPossible(action, allowed: known.allowedActions)
        }
        switch action {
        case .adopt: try await adopt(known)
        case .payBack: try await payBack(known)
        case .replaceAccount: try await replaceAccount(known)
        }
        logger.info("a case was resolved", metadata: ["case": "\(id)", "action": "\(action.rawValue)"])
        return try await database.transaction { tx in
            guard
                let closed = try await cases.close(
                    id, by: admin, "\(action.rawValue): \(note)", at: clock.now, in: tx)
            else { throw CaseError.notFound(id) }
            return closed
        }
    }

    private func payBack(_ known: EscrowCase) async throws {
        if let failed = try await withdrawals.find(known.subject, in: database), try await !isHeld(failed) {
            return try await payBack(failed, for: known)
        }
        if let checkout = known.checkoutID { return try await checkouts.payBack(checkout) }
        if let milestone = known.milestoneID {
            _ = try await escrows.cancel(milestone)
            return
        }
        // A page that we did not make: what was paid there is in no book, and neither is its refund.
        let session = try await stripe.session(known.subject)
        guard session.progress == .paid, let payment = session.paymentIntentID,
            let currency = Currency(rawValue: session.currency)
        else { throw CaseError.nothingToDo }
        _ = try await refund(payment, Money(minorUnits: session.amount, currency: currency), for: known)
    }

    /// Whether a deal has the money of a refund that failed, and gives it back itself. If not, the deal has gone on without
    /// it: it was released since, or paid for by another payment.
    private func isHeld(_ failed: Withdrawal) async throws -> Bool {
        switch failed.subject {
        case .milestone(let id):
            guard let escrow = try await EscrowStore().find(id, in: database) else { return false }
            return escrow.state == .escrowed && escrow.paymentIntentID == failed.paymentIntentID
        case .checkout(let id): return try await CheckoutStore().find(id, in: database)?.state == .returning
        }
    }

    private func payBack(_ failed: Withdrawal, for known: EscrowCase) async throws {
        let refund = try await refund(failed.paymentIntentID, failed.amount, for: known)
        guard refund.isUnderWay else { throw ProviderError.refused(reason: "\(refund.id) is \(refund.status)") }
        try await database.transaction { tx in
            switch failed.subject {
            case .milestone(let id): _ = try await EscrowStore().lock(id, in: tx)
            case .checkout(let id): _ = try await CheckoutStore().lock(id, in: tx)
            }
            _ = try await PayBack().take(
                refund, of: failed.subject, failed.paymentIntentID, failed.amount.currency, at: clock.now, in: tx)
        }
    }

    private func refund(_ payment: String, _ amount: Money, for known: EscrowCase) async throws -> StripeRefund {
        let key = PayBack.key(of: known.id)
        return try await stripe.once(under: key) { () async throws(ProviderError) in
            try await stripe.refund(of: payment, under: key)
        } make: { idempotencyKey async throws(ProviderError) in
            try await stripe.refund(payment, amount, for: key, idempotencyKey: idempotencyKey)
        }
    }

    /// Books what left with no deal's money as the platform's loss, each refund and each dispute once.
    private func adopt(_ known: EscrowCase) async throws {
        let gone = try await gone(known)
        guard !gone.isEmpty else { throw CaseError.nothingToDo }
        try await database.transaction { tx in
            for (object, amount) in gone {
                try await ledger.post(
                    Posting(
                        .correction, key: "adopted:\(object)", of: known.id.uuid,
                        [(.loss(amount.currency), -amount.minorUnits), (.provider(amount.currency), amount.minorUnits)]),
                    at: clock.now, in: tx)
            }
        }
    }

    /// Stripe's ids of what left for good, or until its bank decides, and the amounts.
    private func gone(_ known: EscrowCase) async throws -> [(String, Money)] {
        let subject = known.subject
        if subject.hasPrefix("pi_") {
            let currency = known.amount?.currency ?? .usd
            let refunds = try await stripe.refunds(of: subject).filter(\.isUnderWay)
            let disputes = try await stripe.disputes(of: subject).filter(\.hasTheMoney)
            return refunds.map { ($0.id, Money(minorUnits: $0.amount, currency: currency)) }
                + disputes.map { ($0.id, Money(minorUnits: $0.amount, currency: currency)) }
        }
        guard let amount = known.amount else { return [] }
        let isGone =
            try await subject.hasPrefix("re_")
            ? stripe.refund(subject).isUnderWay : stripe.dispute(subject).hasTheMoney
        return isGone ? [(subject, amount)] : []
    }

    private func replaceAccount(_ known: EscrowCase) async throws {
        guard let worker = known.accountID, try await payees.replaceAccount(of: worker) else {
            throw CaseError.nothingToDo
        }
    }
}

extension EscrowCase {
    /// What can be done about it from here.
    var allowedActions: [CaseAction] {
        switch kind {
        case .refundFailed: [.payBack]
        case .payoutRefused: [.replaceAccount]
        // A page that we did not make, or money that left.
        case .unmatched: subject.hasPrefix("cs_") ? [.payBack] : [.adopt]
        case .tooMuchWithdrawn, .disputed, .otherAmount, .owedByWorker, .owedToWorker, .transferReversed, .payoutWaits,
            .contractUnpaid, .drift:
            []
        }
    }
}

extension StripeDispute {
    /// Whether the money is with the bank.
    fileprivate var hasTheMoney: Bool { standing == .open || standing == .lost }
}
