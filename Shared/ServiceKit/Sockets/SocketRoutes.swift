import Postgres
import SharedModels
import Synchronization

/// The paths at which a service speaks Socket.IO.
package final class SocketRoutes: Sendable {
    private struct State {
        var applications: [String: any SocketApplication] = [:]
        var engines: [EngineServer] = []
    }

    private let state = Mutex(State())

    /// Lets clients connect to `application` at a path. ``SharedModels/SocketPath`` tells the gateway.
    package func serve(_ application: any SocketApplication, at path: String) {
        state.withLock { $0.applications[path] = application }
    }

    /// The engines, once the listener is made.
    var engines: [EngineServer] { state.withLock { $0.engines } }

    /// What answers at each path.
    func servers(_ kit: Kit, _ pipeline: Pipeline) throws -> [String: SocketServer] {
        let applications = state.withLock { $0.applications }
        let execution = try applications.isEmpty ? nil : kit.database.taskExecution()
        return applications.mapValues { application in
            let engine = EngineServer(execution: execution)
            state.withLock { $0.engines.append(engine) }
            kit.background(engine)
            kit.metrics.gauge("sockets_open", "Clients of Socket.IO") { Double(engine.count) }
            kit.metrics.gauge("sockets_waiting_bytes", "What waits for clients of Socket.IO, or for their turn") {
                Double(engine.budget.inUse)
            }
            return SocketServer(
                engine: engine,
                place: SocketPlace(
                    application: application, resolver: pipeline.guardian.resolver, clock: pipeline.clock,
                    engine: engine),
                credentials: pipeline.guardian.credentials, clientOrigin: pipeline.settings.clientOrigin)
        }
    }
}
