/// What waits in a service. A number is `nil` while its database does not answer.
public struct ServiceWork: Model, Equatable {
    public let version: String
    /// Events not handed over to another service yet, up to 10,000.
    public let eventsWaiting: Int?
    public let oldestEventSeconds: Int?
    /// Scheduled items a minute late or more.
    public let itemsOverdue: Int?
    /// What failed for good and waits for an operator, up to 10,000.
    public let deadLetters: Int?
    public let oldestDeadLetterSeconds: Int?

    public init(
        version: String, eventsWaiting: Int? = nil, oldestEventSeconds: Int? = nil, itemsOverdue: Int? = nil,
        deadLetters: Int? = nil, oldestDeadLetterSeconds: Int? = nil
    ) {
        self.version = version
        self.eventsWaiting = eventsWaiting
        self.oldestEventSeconds = oldestEventSeconds
        self.itemsOverdue = itemsOverdue
        self.deadLetters = deadLetters
        self.oldestDeadLetterSeconds = oldestDeadLetterSeconds
    }
}

extension Endpoint where Input == NoInput, Output == ServiceWork {
    /// The endpoint at which a service says what waits in it.
    static func work(of group: any EndpointGroup.Type) -> Self {
        Self(
            "internal.\(group.service.rawValue).work", .get, "/internal/work", of: group,
            access: .service(from: [.auth]), "What waits in a service")
    }
}

extension Endpoints {
    private static let workers = Dictionary(
        uniqueKeysWithValues: Mirror(reflecting: Catalogue.shared).children
            .flatMap { Mirror(reflecting: $0.value).children }
            .compactMap { $0.value as? Endpoint<NoInput, ServiceWork> }
            .map { ($0.operation.service, $0) })

    /// Where `service` says what waits in it; `nil` for auth, which asks the others.
    public static func work(of service: ServiceName) -> Endpoint<NoInput, ServiceWork>? { workers[service] }
}
