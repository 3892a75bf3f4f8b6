/// One movement of a wallet.
public struct WalletMove: Model {
    /// Never negative: ``type`` tells the direction.
    public let amount: Rupees
    public let description: String
    public let type: EscrowTransactionType
    public let date: Timestamp
    public let contractID: ObjectID<ContractKind>?

    public init(
        amount: Rupees, description: String, type: EscrowTransactionType, date: Timestamp,
        contractID: ObjectID<ContractKind>?
    ) {
        self.amount = amount
        self.description = description
        self.type = type
        self.date = date
        self.contractID = contractID
    }
}

/// What an account has earned, or was given back. An account that never got anything has an empty one.
public struct WalletView: Model {
    public let _id: ObjectID<WalletKind>
    public let userID: ObjectID<AccountKind>
    public let balance: Rupees
    /// The newest ones, at most a hundred.
    public let transactions: [WalletMove]
    public let isDeleted: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        _id: ObjectID<WalletKind>, userID: ObjectID<AccountKind>, balance: Rupees, transactions: [WalletMove],
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self._id = _id
        self.userID = userID
        self.balance = balance
        self.transactions = transactions
        isDeleted = false
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public struct WalletAnswer: Model {
    public let success: Bool
    public let data: WalletView

    public init(_ data: WalletView) {
        success = true
        self.data = data
    }
}

public struct WalletTransactionView: Model {
    /// Never negative: ``type`` tells the direction.
    public let amount: Rupees
    public let type: EscrowTransactionType
    public let description: String
    public let date: Timestamp
    /// `CON` and eight digits; empty for a movement without a contract.
    public let contractID: String
    /// Empty for a movement without a contract, and while the name cannot be asked for.
    public let clientName: String

    public init(
        amount: Rupees, type: EscrowTransactionType, description: String, date: Timestamp, contractID: String,
        clientName: String
    ) {
        self.amount = amount
        self.type = type
        self.description = description
        self.date = date
        self.contractID = contractID
        self.clientName = clientName
    }
}

public struct WalletTransactionList: Model {
    public let success: Bool
    /// How many there are on all pages.
    public let count: Int64
    public let data: [WalletTransactionView]
    public let nextCursor: String?

    public init(count: Int64, data: [WalletTransactionView], nextCursor: String?) {
        success = true
        self.count = count
        self.data = data
        self.nextCursor = nextCursor
    }
}

/// What came into a wallet from contracts in one month.
public struct WalletMonth: Model {
    /// `YYYY-MM`, in UTC.
    public let month: String
    public let totalRevenue: Rupees
    public let totalTransactions: Int64

    public init(month: String, totalRevenue: Rupees, totalTransactions: Int64) {
        self.month = month
        self.totalRevenue = totalRevenue
        self.totalTransactions = totalTransactions
    }
}

public struct WalletSalesReport: Model {
    public let success: Bool
    public let data: [WalletMonth]

    public init(data: [WalletMonth]) {
        success = true
        self.data = data
    }
}

/// `/api/freelancer/wallet`: the caller's own wallet, a client's as well.
public struct WalletEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.payments

    public let earnings = Endpoint<NoInput, WalletAnswer>(
        "wallet.earnings", .get, "/api/freelancer/wallet/earnings/{userId}", of: Self.self,
        access: .account(.dealsRead), errors: [.badRequest, .forbidden], "Your wallet")
    public let transactions = Endpoint<NoInput, WalletTransactionList>(
        "wallet.transactions", .get, "/api/freelancer/wallet/transactions/{walletId}", of: Self.self,
        access: .account(.dealsRead),
        query: [Parameter<Int>.page, Parameter<Int>.limit, Parameter<PageCursor?>.cursor],
        errors: [.badRequest, .forbidden], "The movements of your wallet, newest first")
    public let salesReport = Endpoint<NoInput, WalletSalesReport>(
        "wallet.sales", .get, "/api/freelancer/wallet/user-sales-report/{userId}", of: Self.self,
        access: .account(.dealsRead), errors: [.badRequest, .forbidden],
        "What your contracts have brought you in each month, oldest first")
}
