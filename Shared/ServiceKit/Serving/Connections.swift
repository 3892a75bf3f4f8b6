import NIOCore
import Synchronization

/// A connection that a shutdown ends, of whatever protocol. Its methods are called on its event loop.
protocol OpenConnection: AnyObject {
    /// The server shuts down: nothing new is begun.
    func depart()
    /// The server's time is over.
    func abort()
}

/// The open connections of a server.
final class Connections: Sendable {
    private struct State {
        var open: [ObjectIdentifier: (loop: any EventLoop, connection: NIOLoopBound<any OpenConnection>)] = [:]
        var isClosed = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// - Returns: `false` when the server takes no more.
    func add(_ connection: some OpenConnection, on loop: any EventLoop) -> Bool {
        let bound = NIOLoopBound<any OpenConnection>(connection, eventLoop: loop)
        let id = ObjectIdentifier(connection)
        return state.withLock { state in
            guard !state.isClosed else { return false }
            state.open[id] = (loop, bound)
            return true
        }
    }

    /// Goes on with another protocol on a connection that is open.
    func replace(_ connection: some OpenConnection, with next: some OpenConnection, on loop: any EventLoop) {
        let bound = NIOLoopBound<any OpenConnection>(next, eventLoop: loop)
        state.withLock { state in
            state.open[ObjectIdentifier(connection)] = nil
            state.open[ObjectIdentifier(next)] = (loop, bound)
        }
    }

    func remove(_ connection: some OpenConnection) {
        let id = ObjectIdentifier(connection)
        endIfEmpty { $0.open[id] = nil }
    }

    var count: Int { state.withLock { $0.open.count } }

    /// Takes no more.
    func close() { endIfEmpty { $0.isClosed = true } }

    func each(_ body: @escaping @Sendable (any OpenConnection) -> Void) {
        for (loop, connection) in state.withLock({ Array($0.open.values) }) {
            loop.execute { body(connection.value) }
        }
    }

    /// Waits until no more are taken and none is open.
    func ended() async {
        await withCheckedContinuation { continuation in
            endIfEmpty { $0.waiting = continuation }
        }
    }

    private func endIfEmpty(after change: (inout sending State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            return state.isClosed && state.open.isEmpty ? state.waiting.take() : nil
        }
        waiting?.resume()
    }
}
