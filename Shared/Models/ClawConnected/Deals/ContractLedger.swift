/// The books, for admins.
public struct LedgerEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.payments

    public static let accountID = Parameter<String>(
        "account", .string(StringRules()),
        "Which account, such as `provider:usd`, `revenue:usd` or `payable:<user id>`"
    ) { text in text.flatMap { (1...200).contains($0.utf8.count) ? $0 : nil } }

    public let account = Endpoint<NoInput, AccountLedger>(
        "admin.ledger.account", .get, "/api/admin/escrow/ledger", of: Self.self, access: .admin(.accountRead),
        query: [Self.accountID, Parameter<Int>.limit, Parameter<PageCursor?>.cursor], errors: [.notFound],
        "An account of the ledger and its entries, newest first")
}

public struct AccountLedger: Model {
    public let account: String
    /// `usd`, `inr` or `credit`.
    public let unit: String
    public let balanceMinor: Int64
    public let entries: [AccountEntryView]
    public let nextCursor: String?

    public init(
        account: String, unit: String, balanceMinor: Int64, entries: [AccountEntryView], nextCursor: String?
    ) {
        self.account = account
        self.unit = unit
        self.balanceMinor = balanceMinor
        self.entries = entries
        self.nextCursor = nextCursor
    }
}

public struct AccountEntryView: Model {
    public let transactionID: LedgerTransactionID
    public let kind: String
    /// Positive: the account gains.
    public let amountMinor: Int64
    /// What the account held afterwards.
    public let balanceMinor: Int64
    public let action: String?
    public let requestID: String?
    /// The admin who asked for it or noted it; `nil` when no admin did.
    public let adminID: AccountID?
    public let at: Timestamp

    public init(
        transactionID: LedgerTransactionID, kind: String, amountMinor: Int64, balanceMinor: Int64, action: String?,
        requestID: String?, adminID: AccountID?, at: Timestamp
    ) {
        self.transactionID = transactionID
        self.kind = kind
        self.amountMinor = amountMinor
        self.balanceMinor = balanceMinor
        self.action = action
        self.requestID = requestID
        self.adminID = adminID
        self.at = at
    }
}
