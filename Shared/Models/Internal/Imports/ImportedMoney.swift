/// A client's payment for a contract of another Skillhouse. Amounts are in paise.
public struct ImportedEscrow: Model {
    public let id: CheckoutID
    public let jobID: GigID
    public let clientID: AccountID
    public let freelancerID: AccountID
    public let contractID: ContractID
    /// `CON` and eight digits.
    public let contractNumber: String
    public let jobTitle: String
    public let paid: Int64
    /// `nil` while the money is in escrow.
    public var division: ImportedDivision?
    public let fundedAt: Timestamp
    /// Stripe's id of the payment, where it is on the Stripe account that goes on being used.
    public var paymentIntentID: String?
    /// Whether the money is on the Stripe account that this installation uses.
    public let isAtProvider: Bool

    public init(
        id: CheckoutID, jobID: GigID, clientID: AccountID, freelancerID: AccountID, contractID: ContractID,
        contractNumber: String, jobTitle: String, paid: Int64, division: ImportedDivision?, fundedAt: Timestamp,
        paymentIntentID: String?, isAtProvider: Bool
    ) {
        self.id = id
        self.jobID = jobID
        self.clientID = clientID
        self.freelancerID = freelancerID
        self.contractID = contractID
        self.contractNumber = contractNumber
        self.jobTitle = jobTitle
        self.paid = paid
        self.division = division
        self.fundedAt = fundedAt
        self.paymentIntentID = paymentIntentID
        self.isAtProvider = isAtProvider
    }

    public static let rules: [String: MemberRule] = [
        "contractNumber": .text(1...100), "jobTitle": .text(1...200), "paid": .price,
        "paymentIntentID": .text(4...255),
    ]
}

/// How a payment was divided.
public struct ImportedDivision: Model {
    /// Whether the contract was canceled, instead of completed.
    public let isRefund: Bool
    public let fee: Int64
    public let client: Int64
    public let freelancer: Int64
    public let at: Timestamp

    public init(isRefund: Bool, fee: Int64, client: Int64, freelancer: Int64, at: Timestamp) {
        self.isRefund = isRefund
        self.fee = fee
        self.client = client
        self.freelancer = freelancer
        self.at = at
    }

    public static let rules: [String: MemberRule] = ["fee": .amount, "client": .amount, "freelancer": .amount]
}

public struct ImportedWallet: Model {
    /// The most movements that a wallet brings. Older ones come as one sum.
    public static let mostMovements = 1000

    public let ownerID: AccountID
    /// The oldest first. The balance is never negative in between.
    public let movements: [ImportedMovement]
    public let isAtProvider: Bool

    public init(ownerID: AccountID, movements: [ImportedMovement], isAtProvider: Bool) {
        self.ownerID = ownerID
        self.movements = movements
        self.isAtProvider = isAtProvider
    }

    public static let rules: [String: MemberRule] = ["movements": .count(1...mostMovements)]
}

public struct ImportedMovement: Model, Equatable {
    /// In paise; negative when money left. Never 0.
    public let amount: Int64
    /// The payment for a contract that it came from.
    public let checkoutID: CheckoutID?
    public let at: Timestamp

    public init(amount: Int64, checkoutID: CheckoutID?, at: Timestamp) {
        self.amount = amount
        self.checkoutID = checkoutID
        self.at = at
    }
}
