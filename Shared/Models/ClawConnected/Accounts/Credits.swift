/// What credits are spent on.
public enum CreditReason: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case matchDeduction = "match_deduction"
    case introDeduction = "intro_deduction"
}

public struct CreditDeduction: Model {
    public let amount: Int64
    public let reason: CreditReason
    /// What it is for; the same reference and reason are charged once.
    public var referenceID: String?

    public static let rules: [String: MemberRule] = [
        "amount": .range(1...1_000_000_000), "referenceID": .text(1...255),
    ]
}

public struct CreditAccountView: Model {
    public let creditsBalance: Int64
    public let subscriptionTier: Plan

    public init(creditsBalance: Int64, subscriptionTier: Plan) {
        self.creditsBalance = creditsBalance
        self.subscriptionTier = subscriptionTier
    }
}

public struct CreditDeductionView: Model, Equatable {
    public let creditsBalance: Int64
    public let transactionID: LedgerTransactionID

    public init(creditsBalance: Int64, transactionID: LedgerTransactionID) {
        self.creditsBalance = creditsBalance
        self.transactionID = transactionID
    }
}

public struct CreditGrant: Model {
    public let userID: AccountID
    public let amount: Int64
    /// What it is for; the same reference gives an account its credits once.
    public var referenceID: String?

    public static let rules: [String: MemberRule] = [
        "amount": .range(1...1_000_000_000), "referenceID": .text(1...255),
    ]
}

public struct CreditGrantView: Model, Equatable {
    /// The account's, with the granted ones.
    public let creditsBalance: Int64
    public let transactionID: LedgerTransactionID

    public init(creditsBalance: Int64, transactionID: LedgerTransactionID) {
        self.creditsBalance = creditsBalance
        self.transactionID = transactionID
    }
}

/// `/api/credits` and `/api/admin/credits`.
public struct CreditEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.payments

    public let balance = Endpoint<NoInput, CreditAccountView>(
        "credits.get", .get, "/api/credits", of: Self.self, access: .account(.accountRead), "Your credits")
    public let deduct = Endpoint<CreditDeduction, CreditDeductionView>(
        "credits.deduct", .post, "/api/credits", of: Self.self, access: .account(.accountWrite), errors: [.conflict],
        "Spend credits")
    public let grant = Endpoint<CreditGrant, CreditGrantView>(
        "admin.credits.grant", .post, "/api/admin/credits", of: Self.self, access: .admin(.accountWrite),
        errors: [.notFound], "Give an account credits")
}
