/// A kind of event, as a type: what it carries, whom it concerns and where it goes.
///
/// Each kind has its own file in this folder; docs/adding-an-event.md shows how to add one. Names, the order of members
/// and their meaning never change, because users' programs and rows from before an upgrade depend on them.
public protocol Event: Sendable {
    /// The content: the `data` between services and in webhooks.
    associatedtype Content: Model
    /// What the receiving services read from it. Declare fewer members here than the event carries: a member that was
    /// added in an upgrade then does not make older events unreadable.
    associatedtype Reading: Decodable & Sendable = Content

    /// The name that the event is sent under.
    static var label: String { get }
    static var destinations: [ServiceName] { get }
    static var audience: Audience { get }
}

/// Who is told of an event: the owners of the webhooks and channels that receive it.
public enum Audience: Sendable {
    /// Only services.
    case services
    /// The account that owns the thing.
    case owner
    /// Both sides of a deal, or of an application.
    case bothSides
    /// The admins. Only notifications knows who they are, so the event names no recipient.
    case admins
}

/// An event that users can subscribe to.
public protocol UserEvent: Event {
    static var name: EventName { get }
    /// Whether subscribers that name no events receive it.
    static var isStandard: Bool { get }
    /// Whether the admins are told as well.
    static var reachesAdmins: Bool { get }
    /// One line for the API's description.
    static var summary: String { get }
    /// The schema of `data` in a webhook.
    static var schema: Schema { get }
}

extension UserEvent {
    public static var label: String { name.rawValue }
    public static var destinations: [ServiceName] { [.notifications] }
    public static var isStandard: Bool { true }
    public static var reachesAdmins: Bool { if case .admins = audience { true } else { false } }
    public static var schema: Schema {
        do {
            return try Schema.reflecting(Content.self).answered
        } catch {
            preconditionFailure("\(Content.self) has no single JSON shape: \(error)")
        }
    }
}

/// An event between services that no user sees.
public protocol InternalEvent: Event {
    static var name: InternalEventName { get }
}

extension InternalEvent {
    public static var label: String { name.rawValue }
    public static var audience: Audience { .services }
}
