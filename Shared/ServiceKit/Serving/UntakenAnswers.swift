import NIOCore
import Synchronization

/// Answers that their callers have not taken yet, and that are in memory until then.
///
/// When they are too many bytes together, the connections that have waited the longest are closed, so that slow readers of
/// long answers cost a bounded amount and nobody else is refused for them. Who reads at all is not among them: it counts from
/// the moment at which the operating system takes no more of an answer, and after a moment of grace.
final class UntakenAnswers: Sendable {
    private struct Holder {
        let bytes: Int
        let since: NIODeadline
        let loop: any EventLoop
        let connection: NIOLoopBound<HTTPConnection>
    }

    private struct State {
        var holders: [ObjectIdentifier: Holder] = [:]
        var bytes = 0
    }

    private let limits: ServingLimits
    private let state = Mutex(State())

    init(_ limits: ServingLimits) { self.limits = limits }

    var bytes: Int { state.withLock { $0.bytes } }

    /// An answer of `bytes` waits for its caller. On the connection's event loop.
    func hold(_ bytes: Int, of connection: HTTPConnection, on loop: any EventLoop) {
        let holder = Holder(
            bytes: bytes, since: .now(), loop: loop, connection: NIOLoopBound(connection, eventLoop: loop))
        let id = ObjectIdentifier(connection)
        let givenUp = state.withLock { state in
            remove(id, from: &state)
            state.holders[id] = holder
            state.bytes += bytes
            return overdue(&state)
        }
        for holder in givenUp { holder.loop.execute { holder.connection.value.giveUp() } }
    }

    func release(_ connection: HTTPConnection) {
        let id = ObjectIdentifier(connection)
        state.withLock { remove(id, from: &$0) }
    }

    private func remove(_ id: ObjectIdentifier, from state: inout State) {
        if let holder = state.holders.removeValue(forKey: id) { state.bytes -= holder.bytes }
    }

    /// Takes out those that must go.
    private func overdue(_ state: inout State) -> [Holder] {
        guard state.bytes > limits.untakenBytes else { return [] }
        let latest = NIODeadline.now() - limits.untakenGrace
        var givenUp: [Holder] = []
        for (id, holder) in state.holders.sorted(by: { $0.value.since < $1.value.since }) {
            guard state.bytes > limits.untakenBytes, holder.since <= latest else { break }
            remove(id, from: &state)
            givenUp.append(holder)
        }
        return givenUp
    }
}
