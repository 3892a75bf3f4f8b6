/// The endpoints of one thing, on one surface and of one service, as stored properties.
///
///     public struct GigEndpoints: EndpointGroup {
///         public static let surface = Surface.clawConnected
///         public static let service = ServiceName.jobs
///
///         public let create = Endpoint<GigInput, GigView>(
///             "gigs.create", .post, "/api/gigs", of: Self.self, access: .client(.gigsWrite), "Post a gig")
///     }
public protocol EndpointGroup: Sendable {
    static var surface: Surface { get }
    /// Who owns the endpoints.
    static var service: ServiceName { get }
}

extension EndpointGroup {
    /// What its endpoints declare, in order.
    public var operations: [Operation] {
        Mirror(reflecting: self).children.compactMap { ($0.value as? any AnyEndpoint)?.operation }
    }
}

protocol AnyEndpoint {
    var operation: Operation { get }
}

extension Endpoint: AnyEndpoint {}
