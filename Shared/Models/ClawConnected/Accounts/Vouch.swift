public struct VouchInput: Model {
    public let vouchedUserID: AccountID
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
}

/// `/api/vouches`.
public struct VouchEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.talent

    public let create = Endpoint<VouchInput, VouchView>(
        "vouches.create", .post, "/api/vouches", of: Self.self, access: .account(.profilesWrite), success: 201,
        errors: [.notFound, .conflict], "Vouch for somebody, for good")
}
