import ServiceKit
import SharedModels

/// What admins' questions about the services need of them.
protocol ServicePeers: Sendable {
    /// - Throws: When the service does not answer.
    func work(of service: ServiceName) async throws -> ServiceWork
}

/// Asks the real services.
struct LiveServicePeers: ServicePeers {
    let kit: Kit

    func work(of service: ServiceName) async throws -> ServiceWork {
        guard let endpoint = Endpoints.work(of: service) else { return await kit.work() }
        return try await kit.peers.call(endpoint, NoInput(), deadline: .seconds(2))
    }
}
