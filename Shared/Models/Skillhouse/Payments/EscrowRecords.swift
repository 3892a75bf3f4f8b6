/// Where the money of a paid contract is.
public enum EscrowStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// In escrow.
    case funded
    /// In the freelancer's wallet, less the fee.
    case released
    /// Divided between the parties' wallets, because the contract was canceled.
    case refunded
    /// A word of Skillhouse's that no record has: a payment that no contract takes never becomes a record.
    case canceled
}

public enum EscrowTransactionType: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case credit, debit
}

/// The money of one paid contract.
public struct EscrowRecordView: Model {
    public let _id: ObjectID<CheckoutKind>
    public let clientID: ObjectID<AccountKind>
    public let freelancerID: ObjectID<AccountKind>
    public let jobID: ObjectID<GigKind>
    public let contractID: ObjectID<ContractKind>
    /// What is in escrow now: 0 once it is released or refunded.
    public let amount: Rupees
    /// What the client paid.
    public let grossAmount: Rupees
    /// While it is in escrow: what a release would leave to the platform.
    public let platformFee: Rupees
    public let freelancerEarning: Rupees
    /// What went to the client's wallet.
    public let clientRefund: Rupees
    /// What went back to the client's card: by a refund at Stripe, or a chargeback that was lost. All parts together are
    /// `grossAmount`.
    public let cardRefund: Rupees
    public let status: EscrowStatus
    public let transactionType: EscrowTransactionType
    /// Whether the client's bank disputes the payment. The money does not move then.
    public let isFrozen: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        _id: ObjectID<CheckoutKind>, clientID: ObjectID<AccountKind>, freelancerID: ObjectID<AccountKind>,
        jobID: ObjectID<GigKind>, contractID: ObjectID<ContractKind>, amount: Rupees, grossAmount: Rupees,
        platformFee: Rupees, freelancerEarning: Rupees, clientRefund: Rupees, cardRefund: Rupees, status: EscrowStatus,
        transactionType: EscrowTransactionType, isFrozen: Bool, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self._id = _id
        self.clientID = clientID
        self.freelancerID = freelancerID
        self.jobID = jobID
        self.contractID = contractID
        self.amount = amount
        self.grossAmount = grossAmount
        self.platformFee = platformFee
        self.freelancerEarning = freelancerEarning
        self.clientRefund = clientRefund
        self.cardRefund = cardRefund
        self.status = status
        self.transactionType = transactionType
        self.isFrozen = isFrozen
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public struct EscrowRecordAnswer: Model {
    public let message: String
    public let data: EscrowRecordView

    public init(message: String, data: EscrowRecordView) {
        self.message = message
        self.data = data
    }
}

/// A party of a payment, as admins see it. Its name is empty while it cannot be asked for.
public struct EscrowParty: Model {
    public let _id: ObjectID<AccountKind>
    public let name: String
    public let email: String

    public init(_id: ObjectID<AccountKind>, name: String, email: String) {
        self._id = _id
        self.name = name
        self.email = email
    }
}

/// The contract of a payment, as admins see it.
public struct EscrowContract: Model {
    public let _id: ObjectID<ContractKind>
    /// `CON` and eight digits.
    public let contractID: String
    public let jobTitle: String
    /// `null`, like the following members, while the contract cannot be asked for.
    public let status: CheckoutContractStatus?
    public let releaseFundStatus: ReleaseFundStatus?
    public let isApproved: Bool?
    public let createdAt: Timestamp?

    public init(
        _id: ObjectID<ContractKind>, contractID: String, jobTitle: String, status: CheckoutContractStatus?,
        releaseFundStatus: ReleaseFundStatus?, isApproved: Bool?, createdAt: Timestamp?
    ) {
        self._id = _id
        self.contractID = contractID
        self.jobTitle = jobTitle
        self.status = status
        self.releaseFundStatus = releaseFundStatus
        self.isApproved = isApproved
        self.createdAt = createdAt
    }
}

/// An ``EscrowRecordView`` with its parties and its contract in full.
public struct EscrowTransactionView: Model {
    public let _id: ObjectID<CheckoutKind>
    public let clientID: EscrowParty
    public let freelancerID: EscrowParty
    public let jobID: ObjectID<GigKind>
    public let contractID: EscrowContract
    public let amount: Rupees
    public let grossAmount: Rupees
    public let platformFee: Rupees
    public let freelancerEarning: Rupees
    public let clientRefund: Rupees
    public let cardRefund: Rupees
    public let status: EscrowStatus
    public let transactionType: EscrowTransactionType
    public let isFrozen: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(_ record: EscrowRecordView, client: EscrowParty, freelancer: EscrowParty, contract: EscrowContract) {
        _id = record._id
        clientID = client
        freelancerID = freelancer
        jobID = record.jobID
        contractID = contract
        amount = record.amount
        grossAmount = record.grossAmount
        platformFee = record.platformFee
        freelancerEarning = record.freelancerEarning
        clientRefund = record.clientRefund
        cardRefund = record.cardRefund
        status = record.status
        transactionType = record.transactionType
        isFrozen = record.isFrozen
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }
}

public struct EscrowTransactionList: Model {
    public let success: Bool
    /// How many there are on all pages.
    public let count: Int64
    public let data: [EscrowTransactionView]
    public let nextCursor: String?

    public init(count: Int64, data: [EscrowTransactionView], nextCursor: String?) {
        success = true
        self.count = count
        self.data = data
        self.nextCursor = nextCursor
    }
}

public struct RupeesAnswer: Model {
    public let success: Bool
    public let data: Rupees

    public init(_ data: Rupees) {
        success = true
        self.data = data
    }
}

/// What was released in one month.
public struct EscrowMonth: Model {
    /// `YYYY-MM`, in UTC.
    public let month: String
    /// What clients had paid, without what went back to their cards.
    public let totalRevenue: Rupees
    public let platformEarnings: Rupees
    public let freelancerEarnings: Rupees
    public let totalTransactions: Int64

    public init(
        month: String, totalRevenue: Rupees, platformEarnings: Rupees, freelancerEarnings: Rupees,
        totalTransactions: Int64
    ) {
        self.month = month
        self.totalRevenue = totalRevenue
        self.platformEarnings = platformEarnings
        self.freelancerEarnings = freelancerEarnings
        self.totalTransactions = totalTransactions
    }
}

public struct EscrowSalesReport: Model {
    public let success: Bool
    public let data: [EscrowMonth]

    public init(data: [EscrowMonth]) {
        success = true
        self.data = data
    }
}

public struct EscrowRefundInput: Model {
    public var cancelReason: String?
    public var cancelReasonDescription: String?

    public static let rules: [String: MemberRule] = [
        "cancelReason": .optionalText(0...200), "cancelReasonDescription": .optionalText(0...2000),
    ]
}

/// `/api/admin/escrow`: the money of paid contracts.
public struct EscrowEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.payments

    public let totalRevenue = Endpoint<NoInput, RupeesAnswer>(
        "admin.escrow.revenue", .get, "/api/admin/escrow/total-revenue", of: Self.self, access: .admin(.dealsRead),
        "What the platform has earned")
    public let balance = Endpoint<NoInput, RupeesAnswer>(
        "admin.escrow.balance", .get, "/api/admin/escrow/balance", of: Self.self, access: .admin(.dealsRead),
        "What is in escrow")
    /// 400 unless the contract is completed and its client has asked for the release.
    public let release = Endpoint<NoInput, EscrowRecordAnswer>(
        "admin.escrow.release", .put, "/api/admin/escrow/release-fund/{contractId}", of: Self.self,
        access: .admin(.dealsWrite),
        errors: [.badRequest, .notFound, .conflict, .badGateway, .serviceUnavailable], idempotency: .resumable,
        "Release a contract's money to the freelancer's wallet")
    /// For admins, and for the contract's own client. The division follows from the contract's status.
    public let refund = Endpoint<EscrowRefundInput, EscrowRecordAnswer>(
        "admin.escrow.refund", .put, "/api/admin/escrow/refund-client/{contractId}/{clientId}", of: Self.self,
        access: .account(.dealsWrite),
        errors: [.badRequest, .forbidden, .notFound, .conflict, .badGateway, .serviceUnavailable],
        idempotency: .resumable, "Cancel a paid contract and divide its money")
    /// A repeat under the same reference changes nothing. 409 for another amount, and for more than the wallet has.
    public let payWallet = Endpoint<WalletPayoutInput, WalletPayoutAnswer>(
        "admin.escrow.payWallet", .post, "/api/admin/escrow/wallet-payout/{userId}", of: Self.self,
        access: .admin(.dealsWrite), errors: [.badRequest, .notFound, .conflict],
        "Note that a wallet was paid out by hand")
    public let transactions = Endpoint<NoInput, EscrowTransactionList>(
        "admin.escrow.transactions", .get, "/api/admin/escrow/transactions", of: Self.self, access: .admin(.dealsRead),
        query: [Parameter<Int>.page, Parameter<Int>.limit, Parameter<PageCursor?>.cursor],
        "The payments of all contracts, newest first")
    public let salesReport = Endpoint<NoInput, EscrowSalesReport>(
        "admin.escrow.sales", .get, "/api/admin/escrow/sales-report", of: Self.self, access: .admin(.dealsRead),
        "What was released in each month, oldest first")
}
