public enum ReviewStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// Only its author can see it.
    case pending
    case published
    /// Taken down by an admin.
    case hidden
}

public struct ReviewInput: Model {
    /// 1 to 5.
    public let rating: Int
    public var reviewText: String?

    public static let rules: [String: MemberRule] = [
        "rating": .range(1...5), "reviewText": .optionalText(0...5000),
    ]
}

/// What one party of a completed contract says of the other.
public struct ReviewView: Model, Equatable {
    public let id: ReviewID
    public let contractID: ContractID
    public let gigTitle: String
    public let reviewerUserID: AccountID
    /// Which side the reviewer was on.
    public let reviewerRole: PartyRole
    public let reviewedUserID: AccountID
    /// 1 to 5.
    public let rating: Int
    public let reviewText: String?
    public let status: ReviewStatus
    public let createdAt: Timestamp
    /// When the review became public. Kept when the review is hidden later.
    public let publishedAt: Timestamp?
    /// Always empty: a review is written once, and only the system and the admins change it afterwards.
    public let nextActions: [NextAction]

    public init(
        id: ReviewID, contractID: ContractID, gigTitle: String, reviewerUserID: AccountID,
        reviewerRole: PartyRole, reviewedUserID: AccountID, rating: Int, reviewText: String?,
        status: ReviewStatus, createdAt: Timestamp, publishedAt: Timestamp?
    ) {
        self.id = id
        self.contractID = contractID
        self.gigTitle = gigTitle
        self.reviewerUserID = reviewerUserID
        self.reviewerRole = reviewerRole
        self.reviewedUserID = reviewedUserID
        self.rating = rating
        self.reviewText = reviewText
        self.status = status
        self.createdAt = createdAt
        self.publishedAt = publishedAt
        nextActions = []
    }
}

public struct ReviewList: Model {
    public let reviews: [ReviewView]
    public let nextCursor: String?

    public init(reviews: [ReviewView], nextCursor: String?) {
        self.reviews = reviews
        self.nextCursor = nextCursor
    }
}

/// `/api/contracts/{id}/reviews`, `/api/profile/{userId}/reviews` and `/api/admin/reviews`.
public struct ReviewEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.contracts

    public let create = Endpoint<ReviewInput, ReviewView>(
        "reviews.create", .post, "/api/contracts/{id}/reviews", of: Self.self, access: .account(.dealsWrite),
        success: 201, errors: [.notFound, .conflict, .preconditionFailed],
        "Review the other party of a completed contract, once")
    public let list = Endpoint<NoInput, ReviewList>(
        "reviews.list", .get, "/api/profile/{userId}/reviews", of: Self.self,
        access: .account(.profilesRead), query: [Parameter<Int>.limit, Parameter<PageCursor?>.cursor],
        errors: [.notFound, .badGateway, .serviceUnavailable], "What others say of somebody")
    public let hide = Endpoint<NoInput, ReviewView>(
        "admin.reviews.hide", .post, "/api/admin/reviews/{id}/hide", of: Self.self,
        access: .admin(.dealsWrite), errors: [.notFound, .preconditionFailed], "Take a review down")
}
