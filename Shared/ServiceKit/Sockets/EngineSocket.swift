import SharedModels
import Synchronization

/// A WebSocket of an Engine.IO session: it carries the session from the start, or is tried first while the client polls.
final class EngineSocket: WebSocketListener {
    private enum Phase {
        case carrying, untried, tried, over
    }

    private struct State {
        var phase: Phase
        var line: WebSocketLine?
    }

    private let session: EngineSession
    private let state: Mutex<State>

    /// - Parameter isTried: Whether the client polls, and tries whether WebSocket works.
    init(_ session: EngineSession, isTried: Bool) {
        self.session = session
        state = Mutex(State(phase: isTried ? .untried : .carrying))
    }

    var isProbed: Bool { state.withLock { $0.phase == .tried } }

    func opened(_ line: WebSocketLine) {
        let phase = state.withLock { state in
            state.line = line
            return state.phase
        }
        if phase == .carrying { session.begin(over: self) }
        if phase == .over { line.close() }
    }

    func received(_ text: [UInt8]) {
        switch state.withLock({ $0.phase }) {
        case .carrying: take(text)
        case .untried:
            guard text == [UInt8(ascii: "2")] + EnginePacket.probe else { return close(.refused) }
            state.withLock { $0.phase = .tried }
            send(EnginePacket.probed)
            session.letPollGo()
        case .tried:
            guard text == [UInt8(ascii: "5")] else { return close(.refused) }
            state.withLock { $0.phase = .carrying }
            session.change(to: self)
        case .over: break
        }
    }

    private func take(_ text: [UInt8]) {
        do {
            session.take(try EnginePacket(text[...]))
        } catch {
            session.close(WebSocketEnd(error == .binary ? 1003 : 1008, error.rawValue))
        }
    }

    func closed() {
        let wasCarrying = state.withLock { state in
            defer { state = State(phase: .over) }
            return state.phase == .carrying
        }
        // Also when it was never opened.
        if wasCarrying { session.close() } else { session.lost(self) }
    }

    func send(_ packet: [UInt8]) { state.withLock { $0.line }?.send(packet) }
    func pause() { state.withLock { $0.line }?.pause() }
    func resume() { state.withLock { $0.line }?.resume() }

    func close(_ end: WebSocketEnd = .normal) {
        state.withLock { state in
            state.phase = .over
            return state.line
        }?.close(end)
    }
}
