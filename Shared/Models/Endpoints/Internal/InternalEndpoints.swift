/// What services ask each other. The gateway refuses `/internal`; each call carries a service token.
public enum InternalEndpoints {
    /// Every service that is a destination of some event takes it here, idempotently by event id.
    public static func receiveEvents(_ service: ServiceName) -> Endpoint<EventBatch, NoOutput> {
        Endpoint(
            "internal.\(service.rawValue).events", .post, "/internal/events", of: service, access: .service,
            success: 204, "Events of another service")
    }
}
