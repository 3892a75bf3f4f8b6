public struct WebhookInput: Model {
    /// `http` or `https`, not a private address.
    public let url: String
    /// Absent: the twelve of ``EventName/standard``.
    public var events: [EventName]?
    public var retryPolicy: RetryPolicy?

    public static let rules: [String: MemberRule] = [
        "url": .format(.uri), "events": .count(1...EventName.allCases.count),
    ]
}

/// `standard`: retries after 1, 2, 4, 8, 16 s. `durable`: then on, with jitter, for 72 h.
public enum RetryPolicy: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case standard, durable
}

public struct WebhookView: Model {
    public let id: WebhookID
    public let url: String
    public let events: [EventName]
    public let retryPolicy: RetryPolicy
    public let disabledAt: Timestamp?
    /// Why it is disabled.
    public let disabledReason: WebhookEnding?
    public let createdAt: Timestamp

    public init(
        id: WebhookID, url: String, events: [EventName], retryPolicy: RetryPolicy, disabledAt: Timestamp?,
        disabledReason: WebhookEnding?, createdAt: Timestamp
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

/// A webhook just made, or with a new secret: the only time that the secret is shown.
public struct CreatedWebhook: Model {
    public let id: WebhookID
    public let url: String
    public let events: [EventName]
    public let retryPolicy: RetryPolicy
    /// `whsec_` and base64 of 32 random bytes.
    public let secret: String
    public let createdAt: Timestamp

    public init(_ webhook: WebhookView, secret: String) {
        id = webhook.id
        url = webhook.url
        events = webhook.events
        retryPolicy = webhook.retryPolicy
        self.secret = secret
        createdAt = webhook.createdAt
    }
}

public struct WebhookList: Model {
    public let webhooks: [WebhookView]
    public let nextCursor: String?

    public init(webhooks: [WebhookView], nextCursor: String?) {
        self.webhooks = webhooks
        self.nextCursor = nextCursor
    }
}

public enum ChannelType: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case telegram, discord, slack, email
}

/// Where a channel leads. Each type takes exactly one of these members and shows no other.
public struct ChannelConfig: PartialUpdate, Equatable {
    /// Telegram's chat.
    public let chatID: String?
    /// Discord's or Slack's incoming webhook, https.
    public let webhookURL: String?
    /// A mail address.
    public let address: String?

    public init(chatID: String? = nil, webhookURL: String? = nil, address: String? = nil) {
        self.chatID = chatID
        self.webhookURL = webhookURL
        self.address = address
    }

    public static let rules: [String: MemberRule] = [
        "chatID": .text(1...64), "webhookURL": .format(.uri), "address": .format(.email),
    ]
}

extension ChannelType {
    /// What a channel of each type is configured with.
    static let variants = Variants(
        by: "channelType", of: "config",
        [
            Variants.Form(Self.telegram.rawValue, members: ["chatID"]),
            Variants.Form(Self.discord.rawValue, members: ["webhookURL"]),
            Variants.Form(Self.slack.rawValue, members: ["webhookURL"]),
            Variants.Form(Self.email.rawValue, members: ["address"]),
        ])
}

public struct ChannelInput: VariedModel {
    public let channelType: ChannelType
    public let config: ChannelConfig
    /// Absent: the twelve of ``EventName/standard``.
    public var enabledEvents: [EventName]?

    public static let rules: [String: MemberRule] = ["enabledEvents": .count(1...EventName.allCases.count)]
    public static var variants: Variants { ChannelType.variants }
}

public struct ChannelView: VariedModel {
    public static var variants: Variants { ChannelType.variants }

    public let id: ChannelID
    public let channelType: ChannelType
    public let config: ChannelConfig
    public let enabledEvents: [EventName]
    /// Absent until the code is repeated that was sent to it; until then it gets nothing else.
    public let confirmedAt: Timestamp?
    /// When it refused for good.
    public let disabledAt: Timestamp?
    public let createdAt: Timestamp

    public init(
        id: ChannelID, channelType: ChannelType, config: ChannelConfig, enabledEvents: [EventName],
        confirmedAt: Timestamp?, disabledAt: Timestamp?, createdAt: Timestamp
    ) {
        self.id = id
        self.channelType = channelType
        self.config = config
        self.enabledEvents = enabledEvents
        self.confirmedAt = confirmedAt
        self.disabledAt = disabledAt
        self.createdAt = createdAt
    }
}

public struct ChannelList: Model {
    public let notifications: [ChannelView]
    public let nextCursor: String?

    public init(notifications: [ChannelView], nextCursor: String?) {
        self.notifications = notifications
        self.nextCursor = nextCursor
    }
}

/// The code that came on the channel.
public struct ChannelCodeInput: Model {
    public let code: String

    public static let rules: [String: MemberRule] = ["code": .text(1...20)]
}

/// `/api/webhooks` and `/api/notifications`.
public struct NotificationEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.notifications

    private static let page: [any AnyParameter] = [Parameter<Int>.limit, Parameter<PageCursor?>.cursor]

    public let createWebhook = Endpoint<WebhookInput, CreatedWebhook>(
        "webhooks.create", .post, "/api/webhooks", of: Self.self, access: .account(.notificationsWrite),
        success: 201, answersSecret: true, "Register a webhook; its secret is shown once")
    public let listWebhooks = Endpoint<NoInput, WebhookList>(
        "webhooks.list", .get, "/api/webhooks", of: Self.self, access: .account(.notificationsRead), query: Self.page,
        "Your webhooks")
    public let deleteWebhook = Endpoint<NoInput, NoOutput>(
        "webhooks.delete", .delete, "/api/webhooks/{id}", of: Self.self, access: .account(.notificationsWrite),
        success: 204, errors: [.notFound, .preconditionFailed], "Remove a webhook")
    public let getWebhook = Endpoint<NoInput, WebhookView>(
        "webhooks.get", .get, "/api/webhooks/{id}", of: Self.self, access: .account(.notificationsRead),
        errors: [.notFound], "One of your webhooks")
    public let updateWebhook = Endpoint<WebhookUpdate, WebhookView>(
        "webhooks.update", .patch, "/api/webhooks/{id}", of: Self.self, access: .account(.notificationsWrite),
        errors: [.notFound, .preconditionFailed], "Change a webhook, disable it or enable it again")
    public let rotateWebhook = Endpoint<NoInput, CreatedWebhook>(
        "webhooks.rotate", .post, "/api/webhooks/{id}/rotate", of: Self.self, access: .account(.notificationsWrite),
        errors: [.notFound, .preconditionFailed], answersSecret: true,
        "Give a webhook a new secret; for 24 hours the former one signs too")
    public let testWebhook = Endpoint<NoInput, WebhookDeliveryView>(
        "webhooks.test", .post, "/api/webhooks/{id}/test", of: Self.self, access: .account(.notificationsWrite),
        success: 201, errors: [.notFound, .conflict], "Send a webhook the event webhook.test")
    public let listDeliveries = Endpoint<NoInput, WebhookDeliveryList>(
        "webhooks.deliveries", .get, "/api/webhooks/{id}/deliveries", of: Self.self,
        access: .account(.notificationsRead), query: Self.page, errors: [.notFound],
        "The deliveries to a webhook with every attempt, newest first")
    public let replayDelivery = Endpoint<NoInput, WebhookDeliveryView>(
        "webhooks.deliveries.replay", .post, "/api/webhooks/{id}/deliveries/{deliveryId}/replay", of: Self.self,
        access: .account(.notificationsWrite), errors: [.notFound, .conflict],
        "Send a delivery that is over once more")
    public let replayDeliveries = Endpoint<ReplayInput, ReplayView>(
        "webhooks.replay", .post, "/api/webhooks/{id}/replay", of: Self.self, access: .account(.notificationsWrite),
        errors: [.notFound, .conflict], "Send the deliveries of a time once more, up to 1,000 a call")
    public let createChannel = Endpoint<ChannelInput, ChannelView>(
        "notifications.create", .post, "/api/notifications", of: Self.self,
        access: .account(.notificationsWrite), success: 201, errors: [.conflict],
        "Add a notification channel; it is sent a code that confirms it")
    public let listChannels = Endpoint<NoInput, ChannelList>(
        "notifications.list", .get, "/api/notifications", of: Self.self, access: .account(.notificationsRead),
        query: Self.page, "Your notification channels")
    public let confirmChannel = Endpoint<ChannelCodeInput, ChannelView>(
        "notifications.confirm", .post, "/api/notifications/{id}/confirm", of: Self.self,
        access: .account(.notificationsWrite), errors: [.notFound, .conflict],
        // A wrong code counts, whatever becomes of the request.
        idempotency: .resumable, "Confirm a notification channel by the code that it was sent")
    public let sendChannelCode = Endpoint<NoInput, ChannelView>(
        "notifications.code", .post, "/api/notifications/{id}/code", of: Self.self,
        access: .account(.notificationsWrite), errors: [.notFound, .conflict],
        "Send a notification channel another code, or a disabled one a code that enables it again")
    public let deleteChannel = Endpoint<NoInput, NoOutput>(
        "notifications.delete", .delete, "/api/notifications/{id}", of: Self.self,
        access: .account(.notificationsWrite), success: 204, errors: [.notFound, .preconditionFailed],
        "Remove a notification channel")
}
