/// How you are written to, on all your channels and in the inbox.
public struct ReadingView: Model {
    public let locale: Language

    public init(locale: Language) { self.locale = locale }
}

public struct ReadingUpdate: PartialUpdate {
    public var locale: Language?
}

/// `/api/notifications/settings`.
public struct ReadingEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.notifications

    public let get = Endpoint<NoInput, ReadingView>(
        "notifications.settings", .get, "/api/notifications/settings", of: Self.self,
        access: .account(.notificationsRead), "The language in which you are written to")
    public let update = Endpoint<ReadingUpdate, ReadingView>(
        "notifications.settings.update", .patch, "/api/notifications/settings", of: Self.self,
        access: .account(.notificationsWrite), "Choose the language in which you are written to")
}
