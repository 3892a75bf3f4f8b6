/// Payments' answers about money.
public struct PaymentsInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.payments

    /// A one-time link to the provider's onboarding. Creates the payee's account at the provider if it does not exist
    /// yet.
    public let onboardingLink = Endpoint<NoInput, ConnectLink>(
        "internal.payees.link", .post, "/internal/payees/{id}/onboarding-link", of: Self.self,
        access: .service(from: [.contracts]),
        errors: [.conflict, .badGateway, .serviceUnavailable], idempotency: .resumable, "A payee's onboarding link")
    /// Creates or finds the manual-capture PaymentIntent of a milestone.
    public let fund = Endpoint<EscrowInput, EscrowView>(
        "internal.escrows.fund", .post, "/internal/escrows/{id}/fund", of: Self.self,
        access: .service(from: [.contracts]),
        errors: [.conflict, .badGateway, .serviceUnavailable], idempotency: .resumable, "Begin funding a milestone")
    /// Captures if need be, posts fee and earning to the ledger, and schedules the payout. A repeat gets the same
    /// answer.
    public let release = Endpoint<NoInput, EscrowView>(
        "internal.escrows.release", .post, "/internal/escrows/{id}/release", of: Self.self,
        access: .service(from: [.contracts]),
        errors: [.notFound, .conflict, .badGateway, .serviceUnavailable], idempotency: .resumable,
        "Release a milestone's money")
    /// Cancels the hold, or refunds captured money. Refused once the escrow is released.
    public let cancel = Endpoint<NoInput, EscrowView>(
        "internal.escrows.cancel", .post, "/internal/escrows/{id}/cancel", of: Self.self,
        access: .service(from: [.contracts]),
        errors: [.notFound, .conflict, .badGateway, .serviceUnavailable], idempotency: .resumable,
        "Cancel a milestone's hold")
    /// Divides a milestone's money as a dispute was decided. A repeat gets the same answer.
    public let settle = Endpoint<SettlementInput, EscrowView>(
        "internal.escrows.settle", .post, "/internal/escrows/{id}/settle", of: Self.self,
        access: .service(from: [.contracts]),
        errors: [.notFound, .conflict, .badGateway, .serviceUnavailable], idempotency: .resumable,
        "Divide a disputed milestone's money")
    /// Records the arbitration fee that the losing party of a dispute owes, once per dispute, and begins to collect it
    /// from the party's stored card.
    public let chargeArbitration = Endpoint<ArbitrationInput, NoOutput>(
        "internal.disputes.charge", .post, "/internal/disputes/{id}/fee", of: Self.self,
        access: .service(from: [.contracts]), success: 204,
        "Charge an arbitration fee")
    /// How far the collection has come, for support.
    public let arbitrationFee = Endpoint<NoInput, ArbitrationFeeView>(
        "internal.disputes.fee", .get, "/internal/disputes/{id}/fee", of: Self.self,
        access: .service(from: [.contracts]),
        errors: [.notFound], "An arbitration fee")
    public let credits = Endpoint<NoInput, CreditsView>(
        "internal.credits", .get, "/internal/accounts/{id}/credits", of: Self.self, access: .service(from: [.talent]),
        "An account's credits")
    /// The ledger of one milestone, for the demo, support and the reconciler.
    public let ledger = Endpoint<NoInput, MilestoneLedger>(
        "internal.escrows.ledger", .get, "/internal/escrows/{id}/ledger", of: Self.self,
        access: .service(from: [.contracts]),
        errors: [.notFound], "A milestone's ledger")
    /// What was posted about a contract's milestones and disputes.
    public let postings = Endpoint<LedgerQuery, ContractLedger>(
        "internal.postings", .post, "/internal/postings", of: Self.self, access: .service(from: [.contracts]),
        "The postings of a contract")
    /// Money that is held for or from an account, and payouts to it that have not left yet.
    public let openMoney = Endpoint<NoInput, DeletionBlockers>(
        "internal.accounts.money", .get, "/internal/accounts/{id}/open-money", of: Self.self,
        access: .service(from: [.auth]), "An account's money that is not where it belongs yet")
    public let work = Endpoint<NoInput, ServiceWork>.work(of: Self.self)
    public let receiveEvents = Endpoint<EventBatch, NoOutput>.events(of: Self.self, from: [.auth])
}

public struct EscrowInput: Model {
    public let contractID: ContractID
    public let clientUserID: AccountID
    public let workerUserID: AccountID
    public let amountCents: Int64
    public let payoutDelayDays: Int

    public init(
        contractID: ContractID, clientUserID: AccountID, workerUserID: AccountID, amountCents: Int64,
        payoutDelayDays: Int
    ) {
        self.contractID = contractID
        self.clientUserID = clientUserID
        self.workerUserID = workerUserID
        self.amountCents = amountCents
        self.payoutDelayDays = payoutDelayDays
    }

    public static let rules: [String: MemberRule] = [
        "amountCents": .range(1...9_007_199_254_740_991), "payoutDelayDays": .range(0...10),
    ]
}

public struct SettlementInput: Model {
    /// The worker's part of the amount in US cents, before the platform's fee. The rest goes back to the client.
    public let workerCents: Int64

    public init(workerCents: Int64) { self.workerCents = workerCents }

    public static let rules: [String: MemberRule] = ["workerCents": .amount]
}
