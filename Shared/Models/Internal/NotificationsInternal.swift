/// Notifications' answers.
public struct NotificationsInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.notifications

    public let receiveEvents = Endpoint<EventBatch, NoOutput>.events(
        of: Self.self, from: [.auth, .talent, .jobs, .contracts, .payments, .messages])
}
