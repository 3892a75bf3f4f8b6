/// A kind of news, as a type: what it carries, whom it concerns and where it goes.
///
/// Each kind has its type in a file of this folder; docs/adding-an-event.md adds one. Names, the order of members and
/// what they mean are read by other people's programs and by rows written before an upgrade: they never change.
public protocol Event: Sendable {
    /// What it carries: the `data` on its way, and in webhooks.
    associatedtype Content: Model
    /// What services that are told read of it. With fewer members than it carries, those that come with an upgrade do
    /// not make an event unreadable that was sent before it.
    associatedtype Reading: Decodable & Sendable = Content

    /// What it is called on its way.
    static var label: String { get }
    static var destinations: [ServiceName] { get }
    static var audience: Audience { get }
}

/// Whom an event concerns: the accounts whose webhooks and channels are told of it.
public enum Audience: Sendable {
    /// Services alone.
    case services
    /// The account whose thing it is.
    case owner
    /// Both sides of a deal, or of an application.
    case bothSides
}

/// An event that users can subscribe to.
public protocol UserEvent: Event {
    static var name: EventName { get }
    /// Whether it is sent to subscribers that name no events.
    static var isStandard: Bool { get }
    /// One line for the API's description.
    static var summary: String { get }
    /// What `data` is in a webhook.
    static var schema: Schema { get }
    /// What people are told in their channels.
    static func text(_ data: EventWords) -> EventText
}

extension UserEvent {
    public static var label: String { name.rawValue }
    public static var destinations: [ServiceName] { [.notifications] }
    public static var isStandard: Bool { true }
    public static var schema: Schema {
        do {
            return try Schema.reflecting(Content.self)
        } catch {
            preconditionFailure("\(Content.self) has no single JSON shape: \(error)")
        }
    }
}

/// An event that services tell each other and no user sees.
public protocol InternalEvent: Event {
    static var name: InternalEventName { get }
}

extension InternalEvent {
    public static var label: String { name.rawValue }
    public static var audience: Audience { .services }
}
