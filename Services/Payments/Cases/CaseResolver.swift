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
        case .adopt: try await adopt(known, by: admin)
        case .payBack: try await payBack(known, by: admin)
        case .replaceAccount: try await replaceAccount(known)
        case .giveBack: try await giveBack(known, by: admin)
        case .writeOff: try await writeOff(known, by: admin)
        }
        logger.info("a case was resolved", metadata: ["case": "\(id)", "action": "\(action.rawValue)"])
        return try await database.transaction { tx in
            guard
                let closed = try await cases.close(
                    id, by: admin, "\(action.rawValue): \(note)", at: clock.now, in: tx)
            else { throw CaseError.notFound(id) }
            if action == .giveBack, let milestone = known.milestoneID,
                let escrow = try await EscrowStore().find(milestone, in: tx)
            {
                try await escrows.book.settlePayout(of: escrow, "The money is with the client again.", in: tx)
            }
            return closed
        }
    }

    private func payBack(_ known: EscrowCase, by admin: AccountID) async throws {
        if let failed = try await withdrawals.find(known.subject, in: database) {
            return try await payBack(failed, for: known, by: admin)
        }
        if let checkout = known.checkoutID { return try await checkouts.payBack(checkout, by: admin) }
        // A page that we did not make: what was paid there is in no book, and neither is its refund.
        let session = try await stripe.session(known.subject)
        guard session.progress == .paid, let payment = session.paymentIntentID,
            let currency = Currency(rawValue: session.currency)
        else { throw CaseError.nothingToDo }
        try await refund(payment, Money(minorUnits: session.amount, currency: currency), for: known)
    }

    private func payBack(_ failed: Withdrawal, for known: EscrowCase, by admin: AccountID) async throws {
        // What has become of its payment since, also of refunds for this case that were broken off or failed.
        try await follow(failed.paymentIntentID)
        guard try await cases.find(known.id, in: database)?.closedAt == nil else { throw CaseError.closed }
        switch try await standing(of: failed, known) {
        case .held:
            switch failed.subject {
            case .milestone(let id): _ = try await escrows.cancel(id, by: admin)
            case .checkout(let id): try await checkouts.payBack(id, by: admin)
            }
        case .apart(.owed(let owed)):
            try await cases.note(resolver: admin, of: known.id, in: database)
            try await refund(failed.paymentIntentID, owed, for: known)
            try await follow(failed.paymentIntentID)
        case .apart(.paidBack): return
        case .apart(.gone): throw CaseError.nothingToDo
        }
    }

    private enum Standing: Sendable {
        /// A deal has the money, and gives it back itself.
        case held
        /// The deal has gone on without it: it was released since, or paid for by another payment.
        case apart(PayBack.Standing)
    }

    private func standing(of failed: Withdrawal, _ known: EscrowCase) async throws -> Standing {
        try await database.transaction { tx in
            let unclaimed: Int64
            switch failed.subject {
            case .milestone(let id):
                guard let escrow = try await EscrowStore().lock(id, in: tx) else { return .apart(.gone) }
                if escrow.state == .escrowed, escrow.paymentIntentID == failed.paymentIntentID { return .held }
                unclaimed = try await EscrowedMoney().unclaimed(of: failed.paymentIntentID, escrow, in: tx)
            case .checkout(let id):
                guard let checkout = try await CheckoutStore().lock(id, in: tx) else { return .apart(.gone) }
                if checkout.state == .returning { return .held }
                unclaimed = try await EscrowedMoney().unclaimed(of: checkout, in: tx)
            }
            return .apart(
                try await PayBack(cases: cases).standing(of: failed, known.id, unclaimed: unclaimed, in: tx))
        }
    }

    private func follow(_ payment: String) async throws {
        try await escrows.follower.follow(stripe.paymentIntent(payment), isTold: true)
    }

    /// Refunds for a case, once. A refund for it that failed has spent its key, and the next one is named after it.
    private func refund(_ payment: String, _ amount: Money, for known: EscrowCase) async throws {
        var key = PayBack.key(of: known.id)
        while let made = try await stripe.refund(of: payment, under: key) {
            if made.isUnderWay { return }
            key = PayBack.key(of: known.id, after: made)
        }
        let refund = try await stripe.once(under: key) { () async throws(ProviderError) in
            try await stripe.refund(of: payment, under: key)
        } make: { idempotencyKey async throws(ProviderError) in
            try await stripe.refund(payment, amount, for: key, idempotencyKey: idempotencyKey)
        }
        guard refund.isUnderWay else { throw ProviderError.refused(reason: "\(refund.id) is \(refund.status)") }
    }

    /// Books what left with no deal's money as the platform's loss, each refund and each dispute once.
    private func adopt(_ known: EscrowCase, by admin: AccountID) async throws {
        let gone = try await gone(known)
        guard !gone.isEmpty else { throw CaseError.nothingToDo }
        try await database.transaction { tx in
            for (object, amount) in gone {
                try await ledger.post(
                    Posting(
                        .correction, key: "adopted:\(object)", of: known.id.uuid,
                        [(.loss(amount.currency), -amount.minorUnits), (.provider(amount.currency), amount.minorUnits)]),
                    because: .request(by: admin), at: clock.now, in: tx)
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

    /// What a worker cannot be paid goes back to the client.
    private func giveBack(_ known: EscrowCase, by admin: AccountID) async throws {
        guard let milestone = known.milestoneID else { throw CaseError.nothingToDo }
        _ = try await escrows.giveBack(milestone, isPayeeMissing: known.kind == .payeeMissing, by: admin)
    }

    /// What the owner of a wallet owes is the platform's loss.
    private func writeOff(_ known: EscrowCase, by admin: AccountID) async throws {
        let isWrittenOff = try await database.transaction { tx in
            try await WalletBook(cases: cases, now: clock.now).writeOff(known, by: admin, in: tx)
        }
        guard isWrittenOff else { throw CaseError.nothingToDo }
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
        case .payoutRefused, .payeeMissing: [.replaceAccount, .giveBack]
        // A page that we did not make, or money that left.
        case .unmatched: subject.hasPrefix("cs_") ? [.payBack] : [.adopt]
        case .owedByWallet: [.writeOff]
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
