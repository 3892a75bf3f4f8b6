import Logging
import SharedModels

/// How all services do, for admins. It asks them side by side, and is answered while some are down.
struct ServiceStateWorkflow: Sendable {
    let peers: any ServicePeers
    let logger: Logger

    /// - Returns: Every service with its work; `nil` for one that does not answer.
    func states() async -> [(service: ServiceName, work: ServiceWork?)] {
        let services = ServiceName.allCases.filter { ServiceName.withCallers.contains($0) }
        let found = await withTaskGroup(of: (ServiceName, ServiceWork?).self) { group in
            for service in services {
                group.addTask { (service, await work(of: service)) }
            }
            return await group.reduce(into: [ServiceName: ServiceWork]()) { $0[$1.0] = $1.1 }
        }
        return services.map { ($0, found[$0]) }
    }

    private func work(of service: ServiceName) async -> ServiceWork? {
        do {
            return try await peers.work(of: service)
        } catch {
            logger.info("service does not answer", metadata: ["peer": "\(service.rawValue)", "error": "\(error)"])
            return nil
        }
    }
}
