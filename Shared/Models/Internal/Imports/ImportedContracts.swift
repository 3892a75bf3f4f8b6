/// A contract of another Skillhouse. Its moments say how far it is.
public struct ImportedContract: Model {
    public let id: ContractID
    /// `CON` and eight digits.
    public let number: String
    public let jobID: GigID
    public let jobTitle: String
    public let clientID: AccountID
    public let freelancerID: AccountID
    /// In paise.
    public let amount: Int64
    public var status: CheckoutContractStatus
    public var releaseFundStatus: ReleaseFundStatus
    public var approvedAt: Timestamp?
    public var paidAt: Timestamp?
    public var startedAt: Timestamp?
    public var ongoingAt: Timestamp?
    public var completedAt: Timestamp?
    public var canceledAt: Timestamp?
    public var canceledBy: CheckoutCanceller?
    public var cancelReason = ""
    public var cancelReasonDescription = ""
    public var deletedAt: Timestamp?
    /// The payment that it took; given exactly when it is paid.
    public var checkoutID: CheckoutID?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        id: ContractID, number: String, jobID: GigID, jobTitle: String, clientID: AccountID, freelancerID: AccountID,
        amount: Int64, status: CheckoutContractStatus, releaseFundStatus: ReleaseFundStatus, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.number = number
        self.jobID = jobID
        self.jobTitle = jobTitle
        self.clientID = clientID
        self.freelancerID = freelancerID
        self.amount = amount
        self.status = status
        self.releaseFundStatus = releaseFundStatus
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    public static let rules: [String: MemberRule] = [
        "number": .text(1...11), "jobTitle": .text(1...200), "amount": .price,
        "cancelReason": .optionalText(0...200), "cancelReasonDescription": .optionalText(0...2000),
    ]
}

/// A client's review of the freelancer of a completed contract.
public struct ImportedReview: Model {
    public let id: ReviewID
    public let contractID: ContractID
    public let rating: Int
    public let description: String
    public let createdAt: Timestamp

    public init(id: ReviewID, contractID: ContractID, rating: Int, description: String, createdAt: Timestamp) {
        self.id = id
        self.contractID = contractID
        self.rating = rating
        self.description = description
        self.createdAt = createdAt
    }

    public static let rules: [String: MemberRule] = ["rating": .range(1...5), "description": .optionalText(0...5000)]
}
