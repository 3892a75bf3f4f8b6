import Postgres
import ServiceKit
import SharedModels

/// The changes of a client's payment in our own database. Each is made in the caller's transaction, on a locked row,
/// together with its ledger postings and its scheduled work.
struct CheckoutBook: Sendable {
    let clock: any DomainClock
    let scheduler: Scheduler
    let cases: CaseStore
    /// The platform's share, in hundredths of a percent.
    let feeBasisPoints: Int
    let checkouts = CheckoutStore()
    let actions = ActionStore()
    let ledger = Ledger()

    var wallets: WalletBook { WalletBook(cases: cases, now: clock.now) }

    /// Step one of an action: stores what will be asked, and blocks other actions.
    ///
    /// - Parameter admin: Who asked for it, if an admin did.
    func start(
        _ kind: ActionKind, amount: Money? = nil, by admin: AccountID? = nil, _ checkout: inout Checkout,
        in tx: Transaction
    ) async throws -> Action {
        let action = try await actions.start(
            kind, of: .checkout(checkout.id), amount: amount, by: admin, at: clock.now, in: tx)
        checkout.moving = action.key
        try await save(&checkout, in: tx)
        try await scheduler.schedule(ResumeAction(action.key), at: clock.now + EscrowBook.resumeAfter, in: tx)
        return action
    }

    /// Step three of an action: records what Stripe or contracts did.
    ///
    /// - Returns: The action that follows: the return of a payment that no contract takes, or the next attempt after a
    ///   spent key.
    func finish(
        _ action: Action, _ outcome: CheckoutOutcome, _ checkout: inout Checkout, in tx: Transaction
    ) async throws -> Action? {
        checkout.moving = nil
        let (state, refusal) = try await record(outcome, of: action, &checkout, in: tx)
        try await save(&checkout, in: tx)
        try await actions.end(action.key, as: state, refusal: refusal, at: clock.now, in: tx)
        try await scheduler.cancel(ResumeAction(action.key), in: tx)
        if state == .failed {
            return try await start(action.kind, amount: action.amount, by: action.admin, &checkout, in: tx)
        }
        guard action.kind == .settle, checkout.state == .returning else { return nil }
        return try await returnPayment(&checkout, in: tx)
    }

    private func record(
        _ outcome: CheckoutOutcome, of action: Action, _ checkout: inout Checkout, in tx: Transaction
    ) async throws -> (ActionState, refusal: String?) {
        let now = clock.now
        switch outcome {
        case .opened(let session):
            try checkout.open(session)
            let look = LookAtCheckout(checkout: checkout.id, since: now)
            try await scheduler.schedule(look, at: now + pause(lookingSince: now, at: now), in: tx)
        case .settled(let settlement):
            try await settle(settlement, &checkout, in: tx)
        case .givenBack(let refund):
            guard let payment = checkout.payment else {
                throw CheckoutError.illegalMove(.init(checkout.state, .giveBack))
            }
            try await CheckoutWithdrawalBook(book: self).take(
                Withdrawal(
                    refund, of: .checkout(checkout.id), payment.intentID, payment.amount.currency, by: action.key),
                from: &checkout, because: action.cause, in: tx)
        case .approved:
            let shares = CheckoutShares(releasing: checkout.rest, basisPoints: feeBasisPoints)
            try checkout.release(shares, at: now)
            try await divide(checkout, by: .release(checkout, shares), because: action.cause, in: tx)
        case .canceled(let stage):
            let shares = CheckoutShares(refunding: checkout.rest, at: stage, basisPoints: feeBasisPoints)
            try checkout.refund(shares, at: now)
            try await divide(checkout, by: .division(checkout, shares), because: action.cause, in: tx)
            try await cases.settle(
                .contractUnpaid, "\(checkout.id)", "The contract was canceled.", at: now, in: tx)
        case .refused(let refusal):
            try await refuse(action, refusal.reason, &checkout, in: tx)
            return (.refused, refusal.reason)
        case .failed(let reason):
            return (.failed, reason)
        }
        return (.finished, nil)
    }

    /// Contracts has said what the payment is for.
    private func settle(_ settlement: CheckoutSettlement, _ checkout: inout Checkout, in tx: Transaction) async throws {
        guard settlement.isAccepted, let contract = settlement.contract,
            // Two payments can never be one contract's.
            try await checkouts.find(of: contract.contractID, in: tx) == nil
        else { return try checkout.turnDown() }
        try checkout.fund(contract, at: clock.now)
    }

    /// An action came to nothing.
    private func refuse(
        _ action: Action, _ reason: String, _ checkout: inout Checkout, in tx: Transaction
    ) async throws {
        switch action.kind {
        case .session: try checkout.end()
        case .giveBack:
            try await cases.open(
                .refundFailed, "\(checkout.id)", of: checkout, checkout.rest,
                believed: "\(checkout.rest.minorUnits) goes back to the client, since no contract takes it",
                reported: "the refund was refused: \(reason)", at: clock.now, in: tx)
        case .divide: checkout.cancellation = nil
        case .settle, .award, .authorize, .capture, .release, .cancel, .refund, .transfer: break
        }
    }

    /// Takes over what a page is at Stripe now.
    ///
    /// - Returns: The action that follows.
    func follow(_ session: CheckoutSession, _ checkout: inout Checkout, in tx: Transaction) async throws -> Action? {
        switch (checkout.state, session.progress) {
        case (.open, .paid), (.processing, .paid):
            return try await pay(session, &checkout, in: tx)
        case (.open, .processing):
            try checkout.process()
        case (.open, .over), (.processing, .over):
            try checkout.end()
            try await scheduler.cancel(LookAtCheckout.self, key: "\(checkout.id)", in: tx)
        case (.open, _), (.processing, _), (.opening, _), (.ended, _), (.paid, _), (.funded, _), (.released, _),
            (.refunded, _), (.returning, _), (.returned, _):
            return nil
        }
        try await save(&checkout, in: tx)
        return nil
    }

    /// The money is there. What was asked for is offered to contracts, anything else goes back.
    private func pay(_ session: CheckoutSession, _ checkout: inout Checkout, in tx: Transaction) async throws -> Action?
    {
        let now = clock.now
        try await scheduler.cancel(LookAtCheckout.self, key: "\(checkout.id)", in: tx)
        let asked = checkout.amount
        let isAsked = session.amount == asked.minorUnits && session.currency == asked.currency.rawValue
        if !isAsked {
            try await cases.open(
                .otherAmount, session.id, of: checkout,
                believed: "\(asked.minorUnits) \(asked.currency.rawValue) is to be paid",
                reported: "\(session.amount) \(session.currency) was paid", at: now, in: tx)
        }
        guard let currency = Currency(rawValue: session.currency), let payment = session.paymentIntentID,
            session.amount > 0
        else {
            // Nothing that our books could hold.
            try checkout.end()
            try await save(&checkout, in: tx)
            return nil
        }
        let paid = Money(minorUnits: session.amount, currency: currency)
        try checkout.pay(paid, by: payment)
        try await ledger.post(.payment(checkout.id, payment, paid), at: now, in: tx)
        if isAsked { return try await start(.settle, &checkout, in: tx) }
        try checkout.turnDown()
        return try await returnPayment(&checkout, in: tx)
    }

    /// Begins to return what is left of a payment that no contract takes. A dispute that is not decided keeps it.
    ///
    /// - Parameter admin: Who asked for it, if an admin did.
    /// - Returns: `nil` when nothing is left of it, or it waits.
    func returnPayment(
        _ checkout: inout Checkout, by admin: AccountID? = nil, in tx: Transaction
    ) async throws -> Action? {
        guard checkout.rest.isZero || checkout.isFrozen else {
            return try await start(.giveBack, amount: checkout.rest, by: admin, &checkout, in: tx)
        }
        if checkout.rest.isZero { try checkout.giveBack() }
        try await save(&checkout, in: tx)
        return nil
    }

    private func divide(
        _ checkout: Checkout, by posting: Posting, because cause: Posting.Cause, in tx: Transaction
    ) async throws {
        // Nothing is left when all of the payment went back to the card before.
        guard !posting.entries.isEmpty else { return }
        let currency = checkout.currency
        let owners = [checkout.clientID, checkout.freelancerID].filter { owner in
            posting.entries.contains { $0.account == .wallet(owner, currency) }
        }
        try await wallets.post(posting, to: owners, currency, because: cause, in: tx)
    }

    /// Tells both parties of a contract that its money was moved at the provider, without them or us. The event carries
    /// the version that the change is about to be saved with.
    func announce(_ change: MoneyChange, _ amount: Money, _ checkout: Checkout, in tx: Transaction) async throws {
        guard let deal = checkout.deal else { return }
        let now = clock.now
        try await cases.outbox.append(
            Announcement(
                ContractMoneyChanged.self, of: checkout.id, sequence: checkout.version + 1,
                to: [checkout.clientID, checkout.freelancerID],
                ContractMoneyNews(
                    contractID: deal.contractID, contractNumber: deal.number, gigTitle: deal.jobTitle, change: change,
                    amountCents: amount.minorUnits, currency: amount.currency, at: now),
                at: now),
            in: tx)
    }

    func save(_ checkout: inout Checkout, in tx: Transaction) async throws {
        try await checkouts.save(&checkout, at: clock.now, in: tx)
    }
}

/// The certain outcome of an action on a checkout.
enum CheckoutOutcome: Sendable {
    /// The page exists: Stripe's id.
    case opened(String)
    case settled(CheckoutSettlement)
    /// The payment is on its way back to the card.
    case givenBack(StripeRefund)
    /// Contracts has approved the release.
    case approved
    /// Contracts has canceled the contract, which was this then.
    case canceled(CheckoutContractStatus)
    /// Stripe or contracts refused, and nothing has changed.
    case refused(CheckoutRefusal)
    /// Nothing has changed, and the action's key is spent: the next number tries again.
    case failed(reason: String)

    /// For the log.
    var name: String {
        switch self {
        case .opened: "opened"
        case .settled(let settlement): settlement.isAccepted ? "accepted" : "turned down"
        case .givenBack: "given back"
        case .approved: "approved"
        case .canceled: "canceled"
        case .refused: "refused"
        case .failed: "failed"
        }
    }
}

/// Who refused an action, and why.
enum CheckoutRefusal: Sendable, Equatable {
    case provider(reason: String)
    case contracts(PeerRefusal)

    var reason: String {
        switch self {
        case .provider(let reason): reason
        case .contracts(let refusal): refusal.publicMessage
        }
    }

    /// What the caller hears.
    var error: any Error {
        switch self {
        case .provider(let reason): ProviderError.refused(reason: reason)
        case .contracts(let refusal): refusal
        }
    }
}
