import Foundation
import ServiceLifecycle
import SharedModels
import Synchronization

/// Serves Engine.IO, version 4: sessions over polling and WebSocket, in this process alone.
final class EngineServer: Service {
    private struct State {
        var sessions: [String: EngineSession] = [:]
        /// Sessions whose client has not said who it is.
        var strangers = 0
        /// The same for each address that has some.
        var strangersOf: [String: Int] = [:]

        mutating func count(_ change: Int, of address: String?) {
            strangers += change
            guard let address else { return }
            let left = strangersOf[address, default: 0] + change
            strangersOf[address] = left > 0 ? left : nil
        }
    }

    let limits: SocketLimits
    let budget: SocketBudget
    let execution: (any TaskExecutor)?
    private let seconds = Atomic(0)
    private let state = Mutex(State())
    /// Signals that a session has begun.
    private let begun = WakeUp()

    init(_ limits: SocketLimits = SocketLimits(), execution: (any TaskExecutor)? = nil) {
        (self.limits, self.execution) = (limits, execution)
        budget = SocketBudget(limits.total)
    }

    /// Seconds with sessions since the start.
    var second: Int { seconds.load(ordering: .relaxed) }
    var count: Int { state.withLock { $0.sessions.count } }

    func find(_ id: String) -> EngineSession? { state.withLock { $0.sessions[id] } }

    /// - Parameter address: Where the client comes from, when the gateway says so.
    /// - Returns: `nil` when there are too many.
    func make(from address: String? = nil) -> EngineSession? {
        let session = EngineSession(Self.name(), of: self, from: address)
        let isMade = state.withLock { state in
            guard state.strangers < limits.strangers, state.sessions.count < limits.clients else { return false }
            let neighbours = address.flatMap { state.strangersOf[$0] } ?? 0
            guard neighbours < limits.strangersPerAddress else { return false }
            state.sessions[session.id] = session
            state.count(1, of: address)
            return true
        }
        guard isMade else { return nil }
        begun.signal()
        return session
    }

    /// The client of a session has said who it is.
    func isKnown(_ session: EngineSession) {
        guard session.isKnown() else { return }
        state.withLock { $0.count(-1, of: session.address) }
    }

    /// - Parameter wasKnown: Whether its client had said who it is.
    func forget(_ session: EngineSession, wasKnown: Bool) {
        state.withLock { state in
            guard state.sessions.removeValue(forKey: session.id) != nil, !wasKnown else { return }
            state.count(-1, of: session.address)
        }
    }

    /// `0{…}`, with which a session begins.
    func opening(of session: EngineSession, upgrades: Bool) -> [UInt8] {
        let about: JSONValue = [
            "sid": .string(session.id), "upgrades": .array(upgrades ? ["websocket"] : []),
            "pingInterval": .integer(Int64(limits.pingInterval * 1000)),
            "pingTimeout": .integer(Int64(limits.pingTimeout * 1000)),
            "maxPayload": .integer(Int64(limits.payload)),
        ]
        return Array("0".utf8) + about.bytes
    }

    /// Beats until the process shuts down.
    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if self.count == 0 { await self.begun.wait() }
                self.tick()
                // A cancelled wait needs no handling: the loop's condition ends it.
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// What is done once a second.
    func tick() {
        let second = seconds.add(1, ordering: .relaxed).newValue
        for session in state.withLock({ Array($0.sessions.values) }) { session.tick(second) }
    }

    /// A name that nobody guesses: 128 random bits.
    static func name() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return Hexadecimal.encode(bytes)
    }
}
