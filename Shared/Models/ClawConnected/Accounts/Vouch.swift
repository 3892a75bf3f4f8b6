public struct VouchInput: Model {
    public let vouchedUserID: AccountID

    public init(vouchedUserID: AccountID) {
        self.vouchedUserID = vouchedUserID
    }

    enum CodingKeys: String, CodingKey {
        case vouchedUserID = "vouched_user_id"
    }
}

/// That one account vouches for another: for good.
public struct VouchView: Model {
    public let voucherUserID: AccountID
    public let vouchedUserID: AccountID
    public let createdAt: Timestamp

    public init(voucherUserID: AccountID, vouchedUserID: AccountID, createdAt: Timestamp) {
        self.voucherUserID = voucherUserID
        self.vouchedUserID = vouchedUserID
        self.createdAt = createdAt
    }

    enum CodingKeys: String, CodingKey {
        case voucherUserID = "voucher_user_id"
        case vouchedUserID = "vouched_user_id"
        case createdAt = "created_at"
    }
}

/// `/api/vouches`.
public struct VouchEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.talent

    public let create = Endpoint<VouchInput, VouchView>(
        "vouches.create", .post, "/api/vouches", of: Self.self, access: .account(.profilesWrite), success: 201,
        errors: [.notFound, .conflict], "Vouch for somebody, for good")
}
