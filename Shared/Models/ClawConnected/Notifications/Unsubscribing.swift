/// Where the links in mails lead with which a reader ends them, without signing in (RFC 8058).
public struct UnsubscribeEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.notifications

    public static let channel = Parameter<ChannelID?>.id("channel", "The notification channel")
    public static let token = Parameter<String?>.text("token", 64, "Proves that the link is one of ours")

    private static let link: [any AnyParameter] = [Self.channel.needed, Self.token.needed]

    public let page = Endpoint<NoInput, TextOutput>(
        "notifications.unsubscribe.page", .get, "/api/notifications/unsubscribe", of: Self.self, access: .anyone,
        query: Self.link, errors: [.notFound], mediaTypes: ["text/html"], "A page that asks whether mails are to end")
    public let unsubscribe = Endpoint<RawInput, TextOutput>(
        "notifications.unsubscribe", .post, "/api/notifications/unsubscribe", of: Self.self, access: .anyone,
        query: Self.link, errors: [.notFound], mediaTypes: ["text/html"], largestBody: 4096,
        "End the mails of a notification channel, with one click")
}
