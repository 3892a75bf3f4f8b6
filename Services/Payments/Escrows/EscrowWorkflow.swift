import Logging
import Postgres
import ServiceKit
import SharedModels

/// The requests about a milestone's money. Every request may be repeated, and gets the same answer.
struct EscrowWorkflow: Sendable {
    let mover: EscrowMover
    let stripe: StripeClient
    let follower: PaymentFollower

    var database: Database { mover.database }
    var book: EscrowBook { mover.book }

    /// Creates or finds the payment that the client confirms.
    ///
    /// A payment for a different amount is cancelled first.
    func fund(_ id: MilestoneID, _ input: EscrowInput) async throws -> Escrow {
        try await database.transaction { tx in
            try await book.escrows.open(id, input, at: book.clock.now, in: tx)
        }
        try await lookUp(id)
        return try await mover.drive(id, to: .authorize) { escrow, tx in
            let before = escrow
            let isSameAmount = escrow.amount == .usd(cents: input.amountCents)
            switch escrow.state {
            case .unfunded:
                escrow.adopt(input)
                return .ask(.authorize)
            case .authorizing, .held:
                guard isSameAmount else { return .ask(.cancel) }
                escrow.adopt(input)
                if escrow != before { try await book.save(&escrow, in: tx) }
                return .settled
            case .escrowed, .released, .paid:
                guard isSameAmount else { throw EscrowError.amountIsSettled(id) }
                return .settled
            }
        }
    }

    /// What the client confirms the payment with; `nil` once that is done.
    ///
    /// - Throws: ``ProviderError`` when Stripe must be asked for it and cannot tell it now.
    func clientSecret(of escrow: Escrow) async throws -> String? {
        guard escrow.state == .authorizing, let intentID = escrow.paymentIntentID else { return nil }
        if let known = book.secrets.open(of: escrow) { return known }
        return try await stripe.paymentIntent(intentID).clientSecret
    }

    /// Gives the money to the worker, less the fee. It leaves when the payout is due.
    func release(_ id: MilestoneID) async throws -> Escrow {
        try await look(at: id, while: .escrowed)
        return try await mover.drive(id, to: .release) { escrow, tx in
            switch escrow.state {
            case .held:
                return .ask(.release)
            case .escrowed:
                try await book.release(&escrow, in: tx)
                try await book.save(&escrow, in: tx)
                return .settled
            case .released, .paid:
                return .settled
            case .unfunded, .authorizing:
                throw EscrowError.illegalMove(.init(escrow.state, .release))
            }
        }
    }

    /// Cancels the payment, or returns what was captured. Released money stays released.
    ///
    /// - Parameter admin: Who asks for it, if an admin does.
    func cancel(_ id: MilestoneID, by admin: AccountID? = nil) async throws -> Escrow {
        try await look(at: id, while: .escrowed)
        return try await mover.drive(id, to: .cancel, by: admin) { escrow, _ in
            switch escrow.state {
            case .authorizing, .held: return .ask(.cancel)
            case .escrowed: return .giveBack(escrow.rest)
            case .unfunded: return .settled
            case .released, .paid:
                throw EscrowError.illegalMove(.init(escrow.state, .cancel))
            }
        }
    }

    /// Divides the money as a dispute was decided.
    ///
    /// - Parameter share: The worker's part before the fee. The rest goes back to the client.
    func settle(_ id: MilestoneID, workersShare share: Money) async throws -> Escrow {
        guard share.minorUnits > 0 else { return try await cancel(id) }
        try await look(at: id, while: .escrowed)
        return try await mover.drive(id, to: .refund) { escrow, tx in
            let returned = escrow.amount - share
            guard returned.minorUnits >= 0 else { throw EscrowError.shareTooLarge(id) }
            switch escrow.state {
            case .held:
                return .ask(returned.isZero ? .release : .capture)
            case .escrowed where escrow.returned.minorUnits < returned.minorUnits:
                return .giveBack(returned - escrow.returned)
            // A division that was broken off has given back more already.
            case .escrowed where escrow.returned != returned:
                throw EscrowError.amountIsSettled(id)
            case .escrowed:
                try await book.release(&escrow, in: tx)
                try await book.save(&escrow, in: tx)
                return .settled
            case .released, .paid:
                guard try await isReleased(share, escrow, in: tx) else { throw EscrowError.amountIsSettled(id) }
                return .settled
            case .unfunded, .authorizing:
                throw EscrowError.illegalMove(.init(escrow.state, .release))
            }
        }
    }

    /// Whether `share` is what was released. Others may have moved a part of it since, or captured less than all.
    private func isReleased(_ share: Money, _ escrow: Escrow, in tx: Transaction) async throws -> Bool {
        if share == escrow.amount { return true }
        let left = try await book.ledger.sum(
            under: [Posting.releaseKey(of: escrow.milestoneID)],
            in: .escrow(escrow.milestoneID, escrow.amount.currency), in: tx)
        return -left == share.minorUnits
    }

    /// Captures a hold that is about to lapse, so that the money in escrow is not lost.
    func captureBeforeLapse(_ id: MilestoneID) async throws {
        _ = try await mover.drive(id, to: .capture) { escrow, _ in
            switch escrow.state {
            case .held: .ask(.capture)
            case .unfunded, .authorizing, .escrowed, .released, .paid: .settled
            }
        }
    }

    /// Follows what others did to the payment, before we move its money.
    func look(at id: MilestoneID, while state: EscrowState) async throws {
        guard let escrow = try await book.escrows.find(id, in: database), escrow.state == state else { return }
        do {
            try await follower.look(at: escrow)
        } catch EscrowError.busy {
            // Another action has begun meanwhile, and ours waits for it.
        }
    }

    /// Resumes an action that was begun and may not have ended.
    func resume(_ key: String) async throws {
        guard let action = try await book.actions.find(key, in: database), action.state == .started,
            action.subject.milestoneID != nil
        else { return }
        try await mover.perform(action)
    }

    func hasEnded(_ key: String) async throws -> Bool {
        try await book.actions.find(key, in: database)?.state != .started
    }

    /// How a release divided a milestone's money, or would divide it.
    func split(of escrow: Escrow) -> FeeSplit {
        guard let release = escrow.release else { return book.split(of: escrow) }
        return FeeSplit(fee: release.fee, earning: escrow.rest - release.fee)
    }

    /// What keeps an account from being deleted.
    ///
    /// A payment that was begun and is not held yet does not: contracts cancels it when the account is deleted. Nor
    /// does a payout to somebody else.
    func blockers(of account: AccountID) async throws -> [DeletionBlocker] {
        try await book.escrows.open(of: account, in: database).map { escrow in
            if escrow.state == .paid {
                return DeletionBlocker(.chargeback, of: escrow.milestoneID, in: escrow.contractID)
            }
            return DeletionBlocker(
                escrow.release == nil ? .money : .payout, of: escrow.milestoneID, in: escrow.contractID,
                payoutAt: escrow.release?.payoutAt)
        }
    }

    /// A milestone's escrow, and what was posted about it.
    func ledger(of id: MilestoneID) async throws -> (escrow: Escrow, entries: [LedgerEntry]) {
        guard let escrow = try await book.escrows.find(id, in: database) else {
            throw EscrowError.notFound(id)
        }
        return (escrow, try await book.ledger.entries(of: id, in: database))
    }
}

/// Events that the provider sends on its own.
extension EscrowWorkflow {
    /// Fetches a payment in its present state, and follows it.
    ///
    /// - Throws: ``EscrowError/busy(_:)`` when an action under way may explain the state: look again later.
    func observe(paymentIntent intentID: String) async throws {
        try await observe(stripe.paymentIntent(intentID))
    }

    /// Follows a payment that was just fetched.
    func observe(_ intent: PaymentIntent) async throws {
        guard let id = intent.milestoneID else { return }
        try await database.transaction { tx in
            guard var escrow = try await book.escrows.lock(id, in: tx) else { return }
            // The answer to our own action tells more, including which payment is the present one.
            guard escrow.moving == nil else { throw EscrowError.busy(id) }
            guard escrow.paymentIntentID == intent.id else { return }
            switch (escrow.state, intent.progress) {
            case (.authorizing, .capturable):
                guard intent.amount == escrow.amount.minorUnits else {
                    return try await report(intent, escrow, in: tx)
                }
                try await book.authorize(&escrow, captureBefore: intent.captureBefore, in: tx)
                if let customer = intent.customerID, let card = intent.paymentMethodID {
                    try await mover.payers.keep(card, of: escrow.clientID, customer, in: tx)
                }
            case (.authorizing, .cancelled), (.held, .cancelled):
                try await book.letGo(by: .lapse, &escrow, in: tx)
            case (.authorizing, .captured):
                // Somebody was faster than the news of the hold.
                try await book.authorize(&escrow, captureBefore: intent.captureBefore, in: tx)
                try await book.capture(received(intent, escrow), &escrow, in: tx)
            case (.held, .captured):
                try await book.capture(received(intent, escrow), &escrow, in: tx)
            case (.unfunded, _), (.authorizing, _), (.held, _), (.escrowed, _), (.released, _), (.paid, _):
                return
            }
            try await book.save(&escrow, in: tx)
        }
    }

    private func received(_ intent: PaymentIntent, _ escrow: Escrow) -> Money {
        Money(minorUnits: intent.amountReceived, currency: escrow.amount.currency)
    }

    /// A hold of another amount than was asked for is nobody's payment of this milestone.
    private func report(_ intent: PaymentIntent, _ escrow: Escrow, in tx: Transaction) async throws {
        try await book.cases.open(
            .otherAmount, intent.id, of: escrow, Money(minorUnits: intent.amount, currency: escrow.amount.currency),
            believed: "\(escrow.amount.minorUnits) is to be paid", reported: "\(intent.amount) is held",
            at: book.clock.now, in: tx)
    }

    /// Looks at a payment that was begun, in case its event never comes.
    ///
    /// - Returns: Whether the client has not paid yet.
    func lookAt(_ id: MilestoneID) async throws -> Bool {
        guard let escrow = try await book.escrows.find(id, in: database), escrow.state == .authorizing,
            let intentID = escrow.paymentIntentID
        else { return false }
        try await observe(paymentIntent: intentID)
        return try await book.escrows.find(id, in: database)?.state == .authorizing
    }

    /// Catches up with a payment whose event has not arrived.
    ///
    /// If the lookup fails, nothing is lost: funding answers with what is known.
    private func lookUp(_ id: MilestoneID) async throws {
        guard let escrow = try await book.escrows.find(id, in: database), escrow.state == .authorizing,
            let intentID = escrow.paymentIntentID
        else { return }
        do {
            try await observe(paymentIntent: intentID)
        } catch let error where error is EscrowError || error is ProviderError {
            mover.logger.info(
                "a payment could not be looked up", metadata: ["milestone": "\(id)", "error": "\(error)"])
        }
    }
}
