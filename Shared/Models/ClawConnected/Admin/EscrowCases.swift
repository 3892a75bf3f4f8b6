/// What a case about money is about.
public enum CaseKind: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// Money moved at the provider that belongs to none of our payments.
    case unmatched
    /// More went back to a client than the payment had left.
    case tooMuchWithdrawn = "too_much_withdrawn"
    /// A refund came back, and the money is owed to the client still.
    case refundFailed = "refund_failed"
    /// The client's bank has taken a payment back. Somebody should answer it.
    case disputed
    /// Another amount was held or captured than was asked for.
    case otherAmount = "other_amount"
    /// The worker was paid for a payment that went back to the client.
    case owedByWorker = "owed_by_worker"
    /// More went back to clients' cards than a wallet had left: its owner owes it.
    case owedByWallet = "owed_by_wallet"
    /// The worker has less than was earned.
    case owedToWorker = "owed_to_worker"
    /// A transfer was taken back by hand.
    case transferReversed = "transfer_reversed"
    /// A payout waits for money at the provider.
    case payoutWaits = "payout_waits"
    /// A payout was refused.
    case payoutRefused = "payout_refused"
    /// The worker has had no account that money can go to for long after the payout was due.
    case payeeMissing = "payee_missing"
    /// The money of a paid contract went back to its client outside of the deal. The contract goes on without it.
    case contractUnpaid = "contract_unpaid"
    /// The ledger and the provider's own books do not agree.
    case drift
}

/// What an admin can have done about a case, besides noting what was done elsewhere.
public enum CaseAction: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// Takes what happened at the provider into the books: what no deal has is the platform's loss.
    case adopt
    /// Sends the money to the client's card again.
    case payBack = "pay_back"
    /// Gives up a worker's account at the provider, so that the worker opens another one.
    case replaceAccount = "replace_account"
    /// Returns a milestone's money that the worker cannot be paid to the client's card, with the platform's fee.
    case giveBack = "give_back"
    /// Gives up what the owner of a wallet owes: it is the platform's loss.
    case writeOff = "write_off"
}

public enum CaseStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case open, closed
}

/// Something about money at the payment provider that an admin must look at.
public struct EscrowCaseView: Model {
    public let id: EscrowCaseID
    public let kind: CaseKind
    public let status: CaseStatus
    /// The provider's id of what it is about, or an account of the ledger.
    public let subject: String
    public let milestoneID: MilestoneID?
    public let contractID: ContractID?
    /// The worker, or the owner of the wallet, whose money it is about.
    public let userID: AccountID?
    /// Of what a wallet's owner owes, what is left of it.
    public let amountCents: Int64?
    public let currency: Currency?
    /// What our books say.
    public let believed: String
    /// What the provider says.
    public let reported: String
    /// What `resolve` can do about it; none for a closed one.
    public let allowedActions: [CaseAction]
    /// What was done about it; `null` while it is open.
    public let note: String?
    public let createdAt: Timestamp
    public let closedAt: Timestamp?

    public init(
        id: EscrowCaseID, kind: CaseKind, status: CaseStatus, subject: String, milestoneID: MilestoneID?,
        contractID: ContractID?, userID: AccountID?, amountCents: Int64?, currency: Currency?, believed: String,
        reported: String, allowedActions: [CaseAction], note: String?, createdAt: Timestamp, closedAt: Timestamp?
    ) {
        self.id = id
        self.kind = kind
        self.status = status
        self.subject = subject
        self.milestoneID = milestoneID
        self.contractID = contractID
        self.userID = userID
        self.amountCents = amountCents
        self.currency = currency
        self.believed = believed
        self.reported = reported
        self.allowedActions = allowedActions
        self.note = note
        self.createdAt = createdAt
        self.closedAt = closedAt
    }
}

public struct EscrowCaseList: Model {
    public let cases: [EscrowCaseView]
    public let nextCursor: String?

    public init(cases: [EscrowCaseView], nextCursor: String?) {
        self.cases = cases
        self.nextCursor = nextCursor
    }
}

public struct CaseNote: Model {
    /// What was done about the case.
    public let note: String

    public static let rules: [String: MemberRule] = ["note": .text(1...2000)]
}

public struct CaseResolution: Model {
    public let action: CaseAction
    /// Why, for those who read the case later.
    public let note: String

    public static let rules: [String: MemberRule] = ["note": .text(1...2000)]
}

/// `/api/admin/escrow/cases`.
public struct EscrowCaseEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.payments
    public static let status = Parameter<CaseStatus?>.oneOf(
        "status", CaseStatus.self, "Only the open ones, or only the closed ones")

    public let list = Endpoint<NoInput, EscrowCaseList>(
        "admin.cases.list", .get, "/api/admin/escrow/cases", of: Self.self, access: .admin(.dealsRead),
        query: [Self.status, Parameter<Int>.limit, Parameter<PageCursor?>.cursor],
        "Cases about money that need an admin, newest first")
    public let close = Endpoint<CaseNote, EscrowCaseView>(
        "admin.cases.close", .post, "/api/admin/escrow/cases/{id}/close", of: Self.self, access: .admin(.dealsWrite),
        errors: [.notFound, .conflict], "Close a case, with a note of what was done")
    /// 409 with `allowed` for an action that does not fit the case.
    public let resolve = Endpoint<CaseResolution, EscrowCaseView>(
        "admin.cases.resolve", .post, "/api/admin/escrow/cases/{id}/resolve", of: Self.self,
        access: .admin(.dealsWrite), errors: [.notFound, .conflict, .badGateway, .serviceUnavailable],
        idempotency: .resumable, "Have something done about a case, and close it")
}
