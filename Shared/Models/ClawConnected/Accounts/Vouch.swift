public struct VouchInput: Model {
    public let vouchedUserID: AccountID
}

/// A statement that one account vouches for another. It cannot be taken back.
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
