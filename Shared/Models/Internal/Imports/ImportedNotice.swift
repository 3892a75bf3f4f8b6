/// What stood in the inbox of a user of another Skillhouse.
public struct ImportedNotice: Model {
    public let id: EventID
    public let userID: AccountID
    public let message: String
    public let role: UserType
    public let type: NoticeType
    public let createdAt: Timestamp
    /// `nil` while it is unread.
    public let readAt: Timestamp?

    public init(
        id: EventID, userID: AccountID, message: String, role: UserType, type: NoticeType, createdAt: Timestamp,
        readAt: Timestamp?
    ) {
        self.id = id
        self.userID = userID
        self.message = message
        self.role = role
        self.type = type
        self.createdAt = createdAt
        self.readAt = readAt
    }

    public static let rules: [String: MemberRule] = ["message": .text(1...ImportLimit.notice)]
}
