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

    /// Step one of an action: stores what will be asked of the provider, and blocks other actions.
    ///
    /// - Parameter amount: The amount of a refund.
    func start(
        _ kind: ActionKind, amount: Money? = nil, _ escrow: inout Escrow, in tx: Transaction
    ) async throws -> Action {
        let action = try await actions.start(
            kind, of: escrow.milestoneID, amount: amount, at: clock.now, in: tx)
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
        let isFailed = outcome.isFailed
        let state: ActionState = isFailed ? .failed : refusal == nil ? .finished : .refused
        escrow.moving = nil
        try await save(&escrow, in: tx)
        try await actions.end(action.key, as: state, refusal: refusal, at: clock.now, in: tx)
        try await scheduler.cancel(ResumeAction(action.key), in: tx)
        return isFailed ? try await start(action.kind, amount: action.amount, &escrow, in: tx) : nil
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
        case .captured:
            try await postCapture(of: escrow, because: action.cause, in: tx)
            if action.kind == .release {
                try await release(&escrow, because: action.cause, in: tx)
            } else {
                try escrow.capture()
            }
            try await scheduler.cancel(CaptureHold(escrow.milestoneID), in: tx)
        case .cancelled:
            try await letGo(by: .cancel, &escrow, in: tx)
        case .lapsed:
            try await letGo(by: .lapse, &escrow, in: tx)
            return "the hold has lapsed"
        case .refunded(let amount):
            try await ledger.post(
                .refund(escrow.milestoneID, by: action.key, amount), because: action.cause, at: clock.now, in: tx)
            if amount == escrow.rest {
                try await letGo(by: .refund, &escrow, in: tx)
            } else {
                try escrow.giveBack(amount)
            }
        case .transferred(let id):
            guard let earning = escrow.earning else {
                throw EscrowError.illegalMove(.init(escrow.state, .transfer))
            }
            try escrow.transfer(id)
            try await ledger.post(
                .transfer(escrow.milestoneID, to: escrow.workerID, earning), because: action.cause, at: clock.now,
                in: tx)
        case .refused(let reason), .failed(let reason):
            return reason
        }
        return nil
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

    /// The payment was captured outside of an action: by hand, at the provider.
    func capture(_ escrow: inout Escrow, in tx: Transaction) async throws {
        try escrow.capture()
        try await postCapture(of: escrow, in: tx)
        try await scheduler.cancel(CaptureHold(escrow.milestoneID), in: tx)
    }

    private func postCapture(
        of escrow: Escrow, because cause: Posting.Cause = .request(), in tx: Transaction
    ) async throws {
        let payment = try payment(of: escrow)
        try await ledger.post(
            .capture(escrow.milestoneID, payment, escrow.amount), because: cause, at: clock.now, in: tx)
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
        let now = clock.now
        let split = self.split(of: escrow)
        try escrow.release(split, at: now)
        try await ledger.post(
            .release(escrow.milestoneID, to: escrow.workerID, split), because: cause, at: now, in: tx)
        try await scheduler.schedule(
            PayOut(escrow.milestoneID), at: now + .days(escrow.payoutDelayDays), in: tx)
    }

    func save(_ escrow: inout Escrow, in tx: Transaction) async throws {
        try await escrows.save(&escrow, at: clock.now, in: tx)
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
