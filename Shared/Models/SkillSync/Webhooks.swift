/// A webhook of this surface (SkillSync contract, section 8, item 9).
public struct SkillSyncWebhookInput: Model {
    /// `http` or `https`, not a private address.
    public let url: String
    /// Absent: the six events of this surface.
    public var events: [EventName]?
    /// Absent: one is made.
    public var secret: String?
    public var retryPolicy: RetryPolicy?

    public static let rules: [String: MemberRule] = [
        "url": .format(.uri), "events": .count(1...EventName.allCases.count), "secret": .text(8...256),
    ]
}

public struct SkillSyncWebhookView: Model {
    public let id: PrefixedID<WebhookKind>
    public let url: String
    public let events: [EventName]
    public let retryPolicy: RetryPolicy
    public let disabledAt: Timestamp?
    /// Why it is disabled.
    public let disabledReason: WebhookEnding?
    public let createdAt: Timestamp

    public init(
        id: PrefixedID<WebhookKind>, url: String, events: [EventName], retryPolicy: RetryPolicy,
        disabledAt: Timestamp?, disabledReason: WebhookEnding?, createdAt: Timestamp
    ) {
        self.id = id
        self.url = url
        self.events = events
        self.retryPolicy = retryPolicy
        self.disabledAt = disabledAt
        self.disabledReason = disabledReason
        self.createdAt = createdAt
    }
}

/// A webhook just made: the only time that its secret is shown.
public struct CreatedSkillSyncWebhook: Model {
    public let id: PrefixedID<WebhookKind>
    public let url: String
    public let events: [EventName]
    public let retryPolicy: RetryPolicy
    /// The caller's own, or `whsec_` and base64 of 32 random bytes.
    public let secret: String
    public let createdAt: Timestamp

    public init(_ webhook: SkillSyncWebhookView, secret: String) {
        id = webhook.id
        url = webhook.url
        events = webhook.events
        retryPolicy = webhook.retryPolicy
        self.secret = secret
        createdAt = webhook.createdAt
    }
}

public struct SkillSyncWebhookList: Model {
    public let webhooks: [SkillSyncWebhookView]
    public let nextCursor: String?

    public init(webhooks: [SkillSyncWebhookView], nextCursor: String?) {
        self.webhooks = webhooks
        self.nextCursor = nextCursor
    }
}

/// One event on its way to a webhook.
public struct SkillSyncDeliveryView: Model {
    public let id: PrefixedID<DeliveryKind>
    public let eventID: PrefixedID<EventKind>
    /// The event's name.
    public let event: String
    public let status: DeliveryState
    /// Oldest first.
    public let attempts: [DeliveryAttemptView]
    /// While it is pending: not before this time.
    public let nextAttemptAt: Timestamp?
    public let createdAt: Timestamp
    public let finishedAt: Timestamp?

    public init(
        id: PrefixedID<DeliveryKind>, eventID: PrefixedID<EventKind>, event: String, status: DeliveryState,
        attempts: [DeliveryAttemptView], nextAttemptAt: Timestamp?, createdAt: Timestamp, finishedAt: Timestamp?
    ) {
        self.id = id
        self.eventID = eventID
        self.event = event
        self.status = status
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.createdAt = createdAt
        self.finishedAt = finishedAt
    }
}

public struct SkillSyncDeliveryList: Model {
    public let deliveries: [SkillSyncDeliveryView]
    public let nextCursor: String?

    public init(deliveries: [SkillSyncDeliveryView], nextCursor: String?) {
        self.deliveries = deliveries
        self.nextCursor = nextCursor
    }
}

/// `/v1/webhooks`.
public struct SkillSyncWebhookEndpoints: EndpointGroup {
    public static let surface = Surface.skillSync
    public static let service = ServiceName.notifications

    private static let page: [any AnyParameter] = [Parameter<Int>.limit, Parameter<PageCursor?>.cursor]

    public let create = Endpoint<SkillSyncWebhookInput, CreatedSkillSyncWebhook>(
        "skillsync.webhooks.create", .post, "/v1/webhooks", of: Self.self, access: .account(.notificationsWrite),
        success: 201, errors: [.conflict], answersSecret: true, "Register a webhook; its secret is shown once")
    public let list = Endpoint<NoInput, SkillSyncWebhookList>(
        "skillsync.webhooks.list", .get, "/v1/webhooks", of: Self.self, access: .account(.notificationsRead),
        query: Self.page, "Your webhooks, newest first")
    public let delete = Endpoint<NoInput, NoOutput>(
        "skillsync.webhooks.delete", .delete, "/v1/webhooks/{id}", of: Self.self,
        access: .account(.notificationsWrite), success: 204, errors: [.notFound, .preconditionFailed],
        "Remove a webhook")
    public let test = Endpoint<NoInput, SkillSyncDeliveryView>(
        "skillsync.webhooks.test", .post, "/v1/webhooks/{id}/test", of: Self.self,
        access: .account(.notificationsWrite), success: 201, errors: [.notFound, .conflict],
        "Send a webhook the event webhook.test")
    public let deliveries = Endpoint<NoInput, SkillSyncDeliveryList>(
        "skillsync.webhooks.deliveries", .get, "/v1/webhooks/{id}/deliveries", of: Self.self,
        access: .account(.notificationsRead), query: Self.page, errors: [.notFound],
        "The deliveries to a webhook with every attempt, newest first")
}

extension EventName {
    /// The events of this surface, which its webhooks get when they name none.
    public static let ofSkillSync = allCases.filter { name in
        ["match.", "message.", "profile.", "conversation."].contains { name.rawValue.hasPrefix($0) }
    }
}
