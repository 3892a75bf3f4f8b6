import Postgres
import ServiceKit
import SharedModels

/// The changes of an escrow in our own database. Each is made in the caller's transaction, on a locked escrow, together
/// with its ledger postings, its scheduled work and its event.
struct EscrowBook: Sendable {
    /// How long an action may take before another process resumes it: longer than one call to the provider.
    static let resumeAfter = Duration.seconds(15)
    /// How long before it lapses a hold is captured.
    static let captureLead = Duration.hours(24)
    /// How long a card's hold lasts if its network does not say.
    static let usualHold = Duration.days(7)

    let clock: any DomainClock
    let outbox: Outbox
    let scheduler: Scheduler
    /// The platform's share, in hundredths of a percent.
    let feeBasisPoints: Int
    let secrets: ClientSecrets
    let escrows = EscrowStore()
    let actions = ActionStore()
    let ledger = Ledger()

    var cases: CaseStore { CaseStore(outbox: outbox) }

    /// Step one of an action: stores what will be asked of the provider, and blocks other actions.
    ///
    /// - Parameters:
    ///   - amount: The amount of a refund.
    ///   - admin: Who asked for it, if an admin did.
    func start(
        _ kind: ActionKind, amount: Money? = nil, by admin: AccountID? = nil, _ escrow: inout Escrow, in tx: Transaction
    ) async throws -> Action {
        guard !escrow.isFrozen else { throw EscrowError.frozen(escrow.milestoneID) }
        let action = try await actions.start(
            kind, of: .milestone(escrow.milestoneID), amount: amount, by: admin, at: clock.now, in: tx)
        escrow.moving = action.key
        try await save(&escrow, in: tx)
        try await scheduler.schedule(ResumeAction(action.key), at: clock.now + Self.resumeAfter, in: tx)
        return action
    }

    /// Step three of an action: records in our database what the provider did.
    ///
    /// - Returns: The action that takes the place of one whose key is spent.
    func finish(
        _ action: Action, _ outcome: ActionOutcome, _ escrow: inout Escrow, in tx: Transaction
    ) async throws -> Action? {
        let refusal = try await record(outcome, of: action, &escrow, in: tx)
        let state = outcome.end
        escrow.moving = nil
        try await save(&escrow, in: tx)
        try await actions.end(action.key, as: state, refusal: refusal, at: clock.now, in: tx)
        try await scheduler.cancel(ResumeAction(action.key), in: tx)
        guard state == .failed else { return nil }
        return try await start(action.kind, amount: action.amount, by: action.admin, &escrow, in: tx)
    }

    /// - Returns: Why the action failed; `nil` when it succeeded.
    private func record(
        _ outcome: ActionOutcome, of action: Action, _ escrow: inout Escrow, in tx: Transaction
    ) async throws -> String? {
        switch outcome {
        case .begun(let intent):
            try escrow.fund(intent, secret: secrets.close(intent.clientSecret, of: escrow.milestoneID))
            let now = clock.now
            let look = LookAtPayment(milestone: escrow.milestoneID, since: now)
            try await scheduler.schedule(look, at: now + pause(lookingSince: now, at: now), in: tx)
        case .captured(let received):
            try await capture(received, &escrow, because: action.cause, in: tx)
            if action.kind == .release { try await release(&escrow, because: action.cause, in: tx) }
        case .cancelled:
            try await letGo(by: .cancel, &escrow, in: tx)
        case .lapsed:
            try await letGo(by: .lapse, &escrow, in: tx)
            return "the hold has lapsed"
        case .refunded(let refund):
            guard let payment = escrow.paymentIntentID else {
                throw EscrowError.illegalMove(.init(escrow.state, .refund))
            }
            try await WithdrawalBook(book: self).take(
                Withdrawal(refund, of: .milestone(escrow.milestoneID), payment, escrow.amount.currency, by: action.key),
                from: &escrow, because: action.cause, in: tx)
            if escrow.release != nil {
                let amount = Money(minorUnits: refund.amount, currency: escrow.amount.currency)
                try await announce(.givenBack, amount, escrow, in: tx)
            }
        case .transferred(let id):
            guard let earning = escrow.earning else {
                throw EscrowError.illegalMove(.init(escrow.state, .transfer))
            }
            try escrow.transfer(id)
            try await ledger.postLater(
                .transfer(escrow.milestoneID, to: escrow.workerID, earning, by: id), because: action.cause,
                at: clock.now, in: tx)
            try await settlePayout(of: escrow, "The money was paid out.", in: tx)
        case .waits(let reason):
            try await cases.open(
                .payoutWaits, "\(escrow.milestoneID)", of: escrow, escrow.earning,
                believed: "the money is there", reported: reason, at: clock.now, in: tx)
            return reason
        case .refused(let reason), .failed(let reason):
            return reason
        }
        return nil
    }

    /// Closes the cases about a payout: nothing is left to pay out.
    func settlePayout(of escrow: Escrow, _ note: String, in tx: Transaction) async throws {
        for kind in [CaseKind.payoutWaits, .payoutRefused, .payeeMissing] {
            try await cases.settle(kind, "\(escrow.milestoneID)", note, at: clock.now, in: tx)
        }
    }

    /// The provider holds the money.
    func authorize(_ escrow: inout Escrow, captureBefore: Timestamp?, in tx: Transaction) async throws {
        let now = clock.now
        let lapse = captureBefore ?? now + Self.usualHold
        try escrow.authorize(captureBefore: lapse)
        try await scheduler.cancel(LookAtPayment.self, key: "\(escrow.milestoneID)", in: tx)
        try await scheduler.schedule(
            CaptureHold(escrow.milestoneID), at: max(now, lapse - Self.captureLead), in: tx)
        try await announce(EscrowFunded.self, escrow, in: tx)
    }

    /// The payment was cancelled, by us or by the provider.
    ///
    /// Announced if other services were told that the money is held, or could not know that it is gone.
    func letGo(by event: EscrowEvent, _ escrow: inout Escrow, in tx: Transaction) async throws {
        let mustBeTold = escrow.state != .authorizing || event == .lapse
        let before = escrow
        try escrow.letGo(by: event)
        try await scheduler.cancel(LookAtPayment.self, key: "\(escrow.milestoneID)", in: tx)
        try await scheduler.cancel(CaptureHold(escrow.milestoneID), in: tx)
        if mustBeTold { try await announce(EscrowLapsed.self, before, in: tx) }
    }

    /// The held money is ours. What somebody at the provider captured less of it, the client has kept; what they captured
    /// more stays in escrow.
    func capture(
        _ received: Money, _ escrow: inout Escrow, because cause: Posting.Cause = .request(), in tx: Transaction
    ) async throws {
        let payment = try payment(of: escrow)
        try escrow.capture()
        try await ledger.postLater(
            .capture(escrow.milestoneID, payment, received), because: cause, at: clock.now, in: tx)
        try await scheduler.cancel(CaptureHold(escrow.milestoneID), in: tx)
        guard received != escrow.amount else { return }
        if received.minorUnits < escrow.amount.minorUnits {
            try escrow.giveBack(escrow.amount - received)
            try await announce(.capturedPartly, received, escrow, in: tx)
        }
        try await cases.open(
            .otherAmount, payment, of: escrow, received, believed: "\(escrow.amount.minorUnits) was held",
            reported: "\(received.minorUnits) was captured", at: clock.now, in: tx)
    }

    private func payment(of escrow: Escrow) throws -> String {
        guard let id = escrow.paymentIntentID else {
            throw EscrowError.illegalMove(.init(escrow.state, .capture))
        }
        return id
    }

    /// How a release now would divide the remaining money.
    func split(of escrow: Escrow) -> FeeSplit { FeeSplit(escrow.rest, basisPoints: feeBasisPoints) }

    /// The escrowed money becomes fee and earning, and the payout is scheduled.
    func release(
        _ escrow: inout Escrow, because cause: Posting.Cause = .request(), in tx: Transaction
    ) async throws {
        guard !escrow.isFrozen else { throw EscrowError.frozen(escrow.milestoneID) }
        let now = clock.now
        let split = self.split(of: escrow)
        try escrow.release(split, at: now)
        try await ledger.postLater(
            .release(escrow.milestoneID, to: escrow.workerID, split), because: cause, at: now, in: tx)
        try await scheduler.schedule(
            PayOut(escrow.milestoneID), at: now + .days(escrow.payoutDelayDays), in: tx)
    }

    func save(_ escrow: inout Escrow, in tx: Transaction) async throws {
        try await escrows.save(&escrow, at: clock.now, in: tx)
    }

    /// The money of a payment that had gone back is there again.
    func announceFunded(_ escrow: Escrow, in tx: Transaction) async throws {
        try await announce(EscrowFunded.self, escrow, in: tx)
    }

    /// Tells both parties that the money was moved at the provider, without them or us.
    func announce(_ change: MoneyChange, _ amount: Money, _ escrow: Escrow, in tx: Transaction) async throws {
        let now = clock.now
        try await outbox.append(
            Announcement(
                MilestoneMoneyChanged.self, of: escrow.milestoneID, sequence: escrow.version + 1,
                to: [escrow.clientID, escrow.workerID],
                MoneyChangeNews(
                    milestoneID: escrow.milestoneID, contractID: escrow.contractID, change: change,
                    amountCents: amount.minorUnits, currency: amount.currency, at: now),
                at: now),
            in: tx)
    }

    /// The event carries the version that the change is about to be saved with.
    private func announce<E: Event>(
        _ event: E.Type, _ escrow: Escrow, in tx: Transaction
    ) async throws where E.Content == EscrowNews {
        let now = clock.now
        let news = EscrowNews(
            milestoneID: escrow.milestoneID, contractID: escrow.contractID, paymentIntentID: escrow.paymentIntentID,
            at: now)
        try await outbox.append(
            Announcement(event, of: escrow.milestoneID, sequence: escrow.version + 1, news, at: now), in: tx)
    }
}
