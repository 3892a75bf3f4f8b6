extension Endpoint where Input == EventBatch, Output == NoOutput {
    /// The endpoint at which a service receives events. It is idempotent by event id.
    ///
    /// - Parameter senders: The services whose events it receives.
    static func events(of group: any EndpointGroup.Type, from senders: Set<ServiceName>) -> Self {
        Self(
            "internal.\(group.service.rawValue).events", .post, "/internal/events", of: group,
            access: .service(from: senders),
            success: 204, largestBody: EventBatch.largestBody, "Events of another service")
    }
}

extension Endpoints {
    private static let receivers = Dictionary(
        uniqueKeysWithValues: Mirror(reflecting: Catalogue.shared).children
            .flatMap { Mirror(reflecting: $0.value).children }
            .compactMap { $0.value as? Endpoint<EventBatch, NoOutput> }
            .map { ($0.operation.service, $0) })

    /// Where `service` receives events. It must be a destination of at least one event.
    public static func receiveEvents(_ service: ServiceName) -> Endpoint<EventBatch, NoOutput> {
        guard let receiver = receivers[service] else { preconditionFailure("\(service) takes no events") }
        return receiver
    }
}
