/// Notifications' answers.
public struct NotificationsInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.notifications

    public let work = Endpoint<NoInput, ServiceWork>.work(of: Self.self)
    public let receiveEvents = Endpoint<EventBatch, NoOutput>.events(
        of: Self.self, from: [.auth, .talent, .jobs, .contracts, .payments, .messages])
    /// In which language an account wants to be written to. Accounts that are unknown have chosen none.
    public let language = Endpoint<NoInput, LanguageChoice>(
        "internal.language", .get, "/internal/accounts/{id}/language", of: Self.self,
        access: .service(from: [.auth]), "The language that an account has chosen")

    /// The latest notices of an account that Skillhouse shows, the newest first.
    public let notices = Endpoint<NoInput, NoticeItems>(
        "internal.notices.list", .get, "/internal/accounts/{id}/notices", of: Self.self,
        access: .service(from: [.messages]), "An account's latest notices of Skillhouse")
    /// Adds a notice that an account has for itself. A repeat with the same id adds nothing.
    public let addNotice = Endpoint<NoticeDraft, NoticeItem>(
        "internal.notices.add", .put, "/internal/accounts/{id}/notices/{noticeId}", of: Self.self,
        access: .service(from: [.messages]), "Add a notice of an account's own")
    /// A repeat changes nothing. 404 for a notice of somebody else.
    public let readNotice = Endpoint<NoInput, NoOutput>(
        "internal.notices.read", .post, "/internal/accounts/{id}/notices/{noticeId}/read", of: Self.self,
        access: .service(from: [.messages]), success: 204, errors: [.notFound], "Mark a notice as read")
}

/// In which language an account wants to be written to.
public struct LanguageChoice: Model {
    /// `nil` when none was chosen.
    public let locale: Language?

    public init(locale: Language?) { self.locale = locale }
}

/// A notice as Skillhouse shows it.
public struct NoticeItem: Model, Equatable {
    public let id: EventID
    public let userID: AccountID
    public let message: String
    public let role: UserType
    public let type: NoticeType
    public let isRead: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        id: EventID, userID: AccountID, message: String, role: UserType, type: NoticeType, createdAt: Timestamp,
        readAt: Timestamp? = nil
    ) {
        self.id = id
        self.userID = userID
        self.message = message
        self.role = role
        self.type = type
        isRead = readAt != nil
        self.createdAt = createdAt
        updatedAt = readAt ?? createdAt
    }
}

public struct NoticeItems: Model {
    public let notices: [NoticeItem]

    public init(notices: [NoticeItem]) { self.notices = notices }
}

public struct NoticeDraft: Model, Equatable {
    public let message: String
    public let role: UserType
    public let type: NoticeType

    public init(message: String, role: UserType, type: NoticeType) {
        self.message = message
        self.role = role
        self.type = type
    }

    public static let rules: [String: MemberRule] = ["message": .text(1...500)]
}
