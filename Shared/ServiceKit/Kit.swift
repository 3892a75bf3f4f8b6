import Foundation
import Logging
import OutboundHTTP
import Postgres
import ServiceLifecycle
import SharedModels
import Synchronization

/// The parts that a service is composed from.
package struct Kit: Sendable {
    package let settings: CommonSettings
    package let database: Database
    package let clock: any DomainClock
    package let http: OutboundHTTP
    package let peers: Peers
    package let outbox: Outbox
    package let events: EventReceiver
    package let scheduler: Scheduler
    package let deadLetters: DeadLetters
    package let routes: Routes
    package let rawRoutes: RawRoutes
    package let sockets = SocketRoutes()
    package let metrics: MetricsRegistry
    package let logger: Logger
    let extras = BackgroundServices()
    let requirements = Requirements()

    /// Runs `service` beside the server, from start to shutdown.
    package func background(_ service: any Service) { extras.add(service) }

    /// Makes the service ready only while `isMet`. What `/health/ready` names is `name`.
    package func require(_ name: String, _ isMet: @escaping @Sendable () -> Bool) { requirements.add(name, isMet) }
}

/// What a service needs besides its database and auth.
final class Requirements: Sendable {
    private let all = Mutex<[(name: String, isMet: @Sendable () -> Bool)]>([])
    func add(_ name: String, _ isMet: @escaping @Sendable () -> Bool) { all.withLock { $0.append((name, isMet)) } }
    /// The names of those that are not met.
    var failing: [String] { all.withLock { $0 }.filter { !$0.isMet() }.map(\.name) }
}

/// The services that run beside the server. They are added during composition and read once at start.
final class BackgroundServices: Sendable {
    private let services = Mutex([any Service]())
    func add(_ service: any Service) { services.withLock { $0.append(service) } }
    var all: [any Service] { services.withLock { $0 } }
}
