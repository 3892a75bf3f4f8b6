import SharedModels
import Synchronization

/// One client of Engine.IO, over polling or WebSocket: carries packets there and back in order.
///
/// It costs an entry while nothing happens: no task, and no timer (``EngineServer/tick()``).
final class EngineSession: Sendable {
    /// What a poll is answered with.
    enum Polled: Sendable {
        case packets([[UInt8]])
        /// The session does not poll, or does so already.
        case refused
    }

    private struct State {
        var isOpen = true
        /// The WebSocket that carries the session; before it is there, the client polls.
        var carrier: EngineSocket?
        var candidate: EngineSocket?
        var poll: CheckedContinuation<Polled, Never>?
        var isPosting = false
        var waiting: [[UInt8]] = []
        var waitingBytes = 0
        var inbox: [[UInt8]] = []
        var inboxBytes = 0
        var isWorking = false
        var isPaused = false
        var receiver: SocketConnection?
        /// Seconds of the server at which something is due.
        var connectBy: Int?
        var upgradeBy: Int?
        var pingAt: Int?
        var pongBy: Int?
    }

    let id: String
    /// Where the client comes from, when the gateway says so.
    let address: String?
    private let server: EngineServer
    private let state: Mutex<State>

    init(_ id: String, of server: EngineServer, from address: String?) {
        (self.id, self.server, self.address) = (id, server, address)
        state = Mutex(
            State(
                connectBy: server.second + server.limits.connectTimeout,
                pingAt: server.second + server.limits.pingInterval))
    }

    /// Who gets the messages.
    func begin(_ receiver: SocketConnection) { state.withLock { $0.receiver = receiver } }

    var isOpen: Bool { state.withLock { $0.isOpen } }
    var isPolling: Bool { state.withLock { $0.isOpen && $0.carrier == nil } }

    /// Whether a poll waits.
    var isAwaited: Bool { state.withLock { $0.poll != nil } }

    // MARK: - Sending

    /// Sends a packet, or keeps it for the next poll. One who does not take what is sent is let go.
    func send(_ packet: [UInt8]) {
        let (poll, isTooMuch) = state.withLock { state -> (CheckedContinuation<Polled, Never>?, Bool) in
            guard state.isOpen else { return (nil, false) }
            if let carrier = state.carrier {
                // Under the lock: so packets keep their order.
                carrier.send(packet)
                return (nil, false)
            }
            if let poll = state.poll.take() { return (poll, false) }
            guard state.waitingBytes + packet.count <= server.limits.waiting, server.budget.take(packet.count) else {
                return (nil, true)
            }
            state.waiting.append(packet)
            state.waitingBytes += packet.count
            return (nil, false)
        }
        poll?.resume(returning: .packets([packet]))
        if isTooMuch { close() }
    }

    /// What waits for the client, or what comes next.
    func poll() async -> Polled {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (answer, isDoubled) = state.withLock { state -> (Polled?, Bool) in
                    guard state.isOpen, state.carrier == nil else { return (.refused, false) }
                    guard state.poll == nil else { return (.refused, true) }
                    let packets = take(&state)
                    if !packets.isEmpty { return (.packets(packets), false) }
                    if state.candidate?.isProbed == true { return (.packets([EnginePacket.noop]), false) }
                    state.poll = continuation
                    return (nil, false)
                }
                if let answer { continuation.resume(returning: answer) }
                if isDoubled { close() }
            }
        } onCancel: {
            // The server shuts down.
            close()
        }
    }

    private func take(_ state: inout State) -> [[UInt8]] {
        server.budget.give(state.waitingBytes)
        defer { (state.waiting, state.waitingBytes) = ([], 0) }
        return state.waiting
    }

    // MARK: - Receiving

    /// Works for the packets of a body, one after another.
    ///
    /// - Returns: `false` when the client posts twice at once, or the session is over.
    func post(_ packets: [EnginePacket]) async -> Bool {
        let (receiver, isDoubled) = state.withLock { state -> (SocketConnection?, Bool) in
            guard state.isOpen, state.carrier == nil, !state.isPosting else { return (nil, state.isPosting) }
            state.isPosting = true
            return (state.receiver, false)
        }
        if isDoubled { close() }
        guard let receiver else { return false }
        for packet in packets {
            switch packet {
            case .message(let text): await receiver.receive(text)
            default: handle(packet)
            }
        }
        return state.withLock { state in
            state.isPosting = false
            return true
        }
    }

    /// Takes a packet that came over the session's WebSocket.
    func take(_ packet: EnginePacket) {
        guard case .message(let text) = packet else { return handle(packet) }
        let (begins, isTooMuch) = state.withLock { state -> (Bool, Bool) in
            guard state.isOpen else { return (false, false) }
            guard server.budget.take(text.count) else { return (false, true) }
            state.inbox.append(text)
            state.inboxBytes += text.count
            let isFull =
                state.inbox.count >= server.limits.inbox || state.inboxBytes >= server.limits.inboxBytes
            if isFull, !state.isPaused {
                state.isPaused = true
                state.carrier?.pause()
            }
            guard !state.isWorking else { return (false, false) }
            state.isWorking = true
            return (true, false)
        }
        if isTooMuch { return close() }
        if begins { Task(executorPreference: server.execution) { await self.work() } }
    }

    private func handle(_ packet: EnginePacket) {
        switch packet {
        case .close: close()
        case .ping(let content): send(Array("3".utf8) + content)
        case .pong:
            state.withLock { state in
                state.pongBy = nil
                state.pingAt = server.second + server.limits.pingInterval
            }
        case .message, .upgrade: close()
        }
    }

    /// Hands the messages over, one after another.
    private func work() async {
        while let (text, receiver) = next() { await receiver.receive(text) }
    }

    private func next() -> ([UInt8], SocketConnection)? {
        state.withLock { state in
            guard let receiver = state.receiver, !state.inbox.isEmpty else {
                state.isWorking = false
                return nil
            }
            let text = state.inbox.removeFirst()
            state.inboxBytes -= text.count
            server.budget.give(text.count)
            if state.isPaused, state.inbox.count <= server.limits.inbox / 2 {
                state.isPaused = false
                state.carrier?.resume()
            }
            return (text, receiver)
        }
    }

    // MARK: - Changing to WebSocket

    /// The session begins over a WebSocket.
    func begin(over socket: EngineSocket) {
        let isOpen = state.withLock { state in
            state.carrier = socket
            return state.isOpen
        }
        guard isOpen else { return socket.close() }
        socket.send(server.opening(of: self, upgrades: false))
    }

    /// - Returns: `false` when the session cannot change now.
    func consider(_ socket: EngineSocket) -> Bool {
        state.withLock { state in
            guard state.isOpen, state.carrier == nil, state.candidate == nil else { return false }
            state.candidate = socket
            state.upgradeBy = server.second + server.limits.connectTimeout
            return true
        }
    }

    /// The candidate works: a poll that waits is let go, so that the client can change.
    func letPollGo() { state.withLock { $0.poll.take() }?.resume(returning: .packets([EnginePacket.noop])) }

    /// From now on the candidate carries the session.
    func change(to socket: EngineSocket) {
        let poll = state.withLock { state -> CheckedContinuation<Polled, Never>? in
            guard state.isOpen, state.candidate === socket else { return nil }
            (state.carrier, state.candidate, state.upgradeBy) = (socket, nil, nil)
            for packet in take(&state) { socket.send(packet) }
            return state.poll.take()
        }
        poll?.resume(returning: .packets([EnginePacket.noop]))
    }

    func lost(_ socket: EngineSocket) {
        let wasCarrier = state.withLock { state in
            if state.candidate === socket { (state.candidate, state.upgradeBy) = (nil, nil) }
            return state.carrier === socket
        }
        if wasCarrier { close() }
    }

    // MARK: - Time

    /// The client has said who it is.
    ///
    /// - Returns: `false` when it had before, or the session is over.
    func isKnown() -> Bool {
        state.withLock { state in
            guard state.isOpen else { return false }
            return state.connectBy.take() != nil
        }
    }

    func tick(_ second: Int) {
        let (isOver, pings, late) = state.withLock { state -> (Bool, Bool, EngineSocket?) in
            guard state.isOpen else { return (false, false, nil) }
            func isDue(_ due: Int?) -> Bool { due.map { $0 <= second } ?? false }
            // While we do not read, an answer may be there already.
            if isDue(state.connectBy) || (isDue(state.pongBy) && !state.isPaused) { return (true, false, nil) }
            let late = isDue(state.upgradeBy) ? state.candidate : nil
            guard isDue(state.pingAt) else { return (false, false, late) }
            (state.pingAt, state.pongBy) = (nil, second + server.limits.pingTimeout)
            return (false, true, late)
        }
        late?.close()
        if pings { send(EnginePacket.beat) }
        if isOver { close() }
    }

    /// Ends the session. A repeat is harmless.
    func close(_ end: WebSocketEnd = .normal) {
        let ended = state.withLock { state -> (Ended, CheckedContinuation<Polled, Never>?)? in
            guard state.isOpen else { return nil }
            state.isOpen = false
            server.budget.give(state.inboxBytes)
            let waiting = take(&state) + [EnginePacket.goodbye]
            let ended = Ended(
                receiver: state.receiver.take(), sockets: [state.carrier.take(), state.candidate.take()],
                waiting: waiting, wasKnown: state.connectBy == nil)
            (state.inbox, state.inboxBytes) = ([], 0)
            return (ended, state.poll.take())
        }
        guard let (ended, poll) = ended else { return }
        poll?.resume(returning: .packets(ended.waiting))
        for socket in ended.sockets { socket?.close(end) }
        server.forget(self, wasKnown: ended.wasKnown)
        ended.receiver?.ended()
    }

    private struct Ended {
        let receiver: SocketConnection?
        let sockets: [EngineSocket?]
        let waiting: [[UInt8]]
        let wasKnown: Bool
    }
}
