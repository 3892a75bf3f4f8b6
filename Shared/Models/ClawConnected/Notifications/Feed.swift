/// An event as a webhook receives it.
public struct EventView: Model {
    public let id: EventID
    /// Its name.
    public let event: String
    public let data: JSONValue
    public let timestamp: Timestamp
    public let sequence: Int64

    public init(id: EventID, event: String, data: JSONValue, timestamp: Timestamp, sequence: Int64) {
        self.id = id
        self.event = event
        self.data = data
        self.timestamp = timestamp
        self.sequence = sequence
    }
}

/// From which end an account's events are read.
public enum EventOrder: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// For programs that miss nothing: what happens later comes at the end.
    case oldest
    /// For people who look.
    case newest
}

/// A part of an account's events.
public struct EventFeed: Model {
    public let events: [EventView]
    /// Where to go on; absent when there is nothing more (yet). Oldest first, the last event's id is then the place to go
    /// on.
    public let nextCursor: String?

    public init(events: [EventView], nextCursor: String?) {
        self.events = events
        self.nextCursor = nextCursor
    }
}

/// An event in words, for a person who looks at the marketplace itself.
public struct NoticeView: Model {
    /// The event's.
    public let id: EventID
    /// The event's name.
    public let event: String
    public let title: String
    public let text: String
    /// The page of the thing in the web client; absent when it has no page.
    public let link: String?
    public let createdAt: Timestamp
    /// Absent until it is marked as read.
    public let readAt: Timestamp?

    public init(
        id: EventID, event: String, title: String, text: String, link: String?, createdAt: Timestamp,
        readAt: Timestamp?
    ) {
        self.id = id
        self.event = event
        self.title = title
        self.text = text
        self.link = link
        self.createdAt = createdAt
        self.readAt = readAt
    }
}

public struct NoticeList: Model {
    public let notices: [NoticeView]
    /// How many are unread, counted up to 1,000.
    public let unread: Int
    public let nextCursor: String?

    public init(notices: [NoticeView], unread: Int, nextCursor: String?) {
        self.notices = notices
        self.unread = unread
        self.nextCursor = nextCursor
    }
}

/// Which notices were read.
public struct ReadInput: PartialUpdate {
    /// Absent: all.
    public var ids: [EventID]?

    public static let rules: [String: MemberRule] = ["ids": .count(1...100)]
}

public struct ReadView: Model {
    /// How many were unread before.
    public let read: Int

    public init(read: Int) { self.read = read }
}

/// `/api/events` and `/api/notifications/inbox`.
public struct FeedEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.notifications

    /// `next_cursor` of the answer before, or any event's id.
    public static let after = Parameter<EventID?>(
        "after", EventID.schema, "next_cursor of the answer before, or the id of an event: what comes after it is shown"
    ) { text in
        guard let text else { return .some(nil) }
        return EventID(text).map(Optional.some)
    }

    public static let order = Parameter<EventOrder?>.oneOf(
        "order", EventOrder.self, "oldest (the default) or newest first; after goes on in the same order")

    public let list = Endpoint<NoInput, EventFeed>(
        "events.list", .get, "/api/events", of: Self.self, access: .account(.notificationsRead),
        query: [Self.after, Self.order, Parameter<Int>.limit], errors: [.notFound],
        "Your events of the last 30 days, oldest first unless asked otherwise, as webhooks get them"
    )
    public let stream = Endpoint<NoInput, EventStreamOutput>(
        "events.stream", .get, "/api/events/stream", of: Self.self, access: .account(.notificationsRead),
        query: [Self.after], errors: [.notFound],
        "Your events as they happen, as server-sent events: from now on, or after the header Last-Event-ID or `after`"
    )
    public let inbox = Endpoint<NoInput, NoticeList>(
        "notifications.inbox", .get, "/api/notifications/inbox", of: Self.self, access: .account(.notificationsRead),
        query: [Parameter<Int>.limit, Parameter<PageCursor?>.cursor], "Your events in words, newest first")
    public let markRead = Endpoint<ReadInput, ReadView>(
        "notifications.inbox.read", .post, "/api/notifications/inbox/read", of: Self.self,
        access: .account(.notificationsWrite), "Mark notices as read, all of them unless some are named")
}
