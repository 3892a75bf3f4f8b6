public struct FreelancerRating: Model {
    public let contractID: ObjectID<ContractKind>
    public let freelancerID: ObjectID<AccountKind>
    /// 1 to 5.
    public let rating: Int
    public let description: String

    public static let rules: [String: MemberRule] = ["rating": .range(1...5), "description": .text(1...2000)]
}

/// What a client says of a freelancer. ``FreelancerReview`` with ids, or with what they stand for.
public struct FreelancerReviewDocument<Contract: HirePart, Client: HirePart>: Model {
    public let _id: ObjectID<ReviewKind>
    public let contractID: Contract
    public let clientID: Client
    public let freelancerID: ObjectID<AccountKind>
    /// 1 to 5.
    public let rating: Int
    /// Empty when the client wrote none; only ClawConnected allows that.
    public let description: String
    /// Always false: a review that an admin has taken down is not shown.
    public let isDeleted: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        _id: ObjectID<ReviewKind>, contractID: Contract, clientID: Client, freelancerID: ObjectID<AccountKind>,
        rating: Int, description: String, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self._id = _id
        self.contractID = contractID
        self.clientID = clientID
        self.freelancerID = freelancerID
        self.rating = rating
        self.description = description
        isDeleted = false
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    public static var schemaName: String {
        "FreelancerReview" + Contract.name(as: "Contract") + Client.name(as: "Client")
    }
}

public typealias FreelancerReview = FreelancerReviewDocument<ObjectID<ContractKind>, ObjectID<AccountKind>>

/// The contract that a review is about, on either flow, for everybody.
public struct ReviewedHire: Model, HirePart {
    public let _id: ObjectID<ContractKind>
    /// `CON` and eight digits; `nil` for a contract that was made on ClawConnected.
    public let contractID: String?
    public let jobID: ObjectID<GigKind>
    public let title: String
    public let status: CheckoutContractStatus
    /// `nil` for a contract that was made on ClawConnected.
    public let amount: Rupees?

    public init(
        _id: ObjectID<ContractKind>, contractID: String?, jobID: ObjectID<GigKind>, title: String,
        status: CheckoutContractStatus, amount: Rupees?
    ) {
        self._id = _id
        self.contractID = contractID
        self.jobID = jobID
        self.title = title
        self.status = status
        self.amount = amount
    }

    public static func name(as role: String) -> String { role }
}

public struct RatingAnswer: Model {
    public let message: String
    public let data: FreelancerReview

    public init(message: String, data: FreelancerReview) {
        self.message = message
        self.data = data
    }
}

/// The reviews of a freelancer, the latest first.
public struct FreelancerReviews: Model {
    /// How many there are on all pages.
    public let count: Int
    public let data: [FreelancerReviewDocument<ReviewedHire, PublicHireParty>]
    public let nextCursor: String?

    public init(
        count: Int, data: [FreelancerReviewDocument<ReviewedHire, PublicHireParty>], nextCursor: String?
    ) {
        self.count = count
        self.data = data
        self.nextCursor = nextCursor
    }
}

/// `/api/client/review`.
public struct ClientReviewEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.contracts

    public let rate = Endpoint<FreelancerRating, RatingAnswer>(
        "client.reviews.rate", .post, "/api/client/review/rate-freelancer/{clientId}", of: Self.self,
        access: .client(.dealsWrite), success: 201, errors: [.badRequest, .forbidden, .notFound, .conflict],
        "Review the freelancer of a completed contract, once")
    public let list = Endpoint<NoInput, FreelancerReviews>(
        "client.reviews.list", .get, "/api/client/review/show-reviews/{freelancerId}", of: Self.self, access: .anyone,
        query: ClientContractEndpoints.pages, errors: [.badRequest], "What clients say of a freelancer")
}
