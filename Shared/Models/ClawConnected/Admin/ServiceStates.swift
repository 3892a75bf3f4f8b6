/// How a service does. What waits is `null` while the service, or its database, does not answer.
public struct ServiceStateView: Model, Equatable {
    public let name: String
    /// Whether it answers.
    public let answers: Bool
    public let version: String?
    /// Events not handed over to another service yet, up to 10,000.
    public let eventsWaiting: Int?
    public let oldestEventSeconds: Int?
    /// Scheduled items a minute late or more.
    public let itemsOverdue: Int?
    /// What failed for good and waits for an operator, up to 10,000.
    public let deadLetters: Int?
    public let oldestDeadLetterSeconds: Int?

    /// - Parameter work: `nil` when the service does not answer.
    public init(_ service: ServiceName, _ work: ServiceWork?) {
        name = service.rawValue
        answers = work != nil
        version = work?.version
        eventsWaiting = work?.eventsWaiting
        oldestEventSeconds = work?.oldestEventSeconds
        itemsOverdue = work?.itemsOverdue
        deadLetters = work?.deadLetters
        oldestDeadLetterSeconds = work?.oldestDeadLetterSeconds
    }
}

public struct ServiceStateList: Model {
    public let services: [ServiceStateView]

    public init(_ services: [ServiceStateView]) { self.services = services }
}

/// `/api/admin/services`.
public struct ServiceStateEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.auth

    public let list = Endpoint<NoInput, ServiceStateList>(
        "admin.services", .get, "/api/admin/services", of: Self.self, access: .admin(.accountRead),
        "Which services answer, and what waits or is stuck in each")
}
