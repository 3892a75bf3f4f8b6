import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import SharedModels
import Synchronization

/// Serves HTTP/1.1 on a port: a thin use of swift-nio's parser (decision 0023).
package struct HTTPListener: Service {
    private let host: String
    private let port: Int
    private let core: ServerCore
    private let onListening: @Sendable (_ port: Int) -> Void

    /// - Parameters:
    ///   - port: 0 for any that is free.
    ///   - execution: Where requests are worked for; `nil` for Swift's own threads.
    ///   - refuse: Answers what is no request.
    package init(
        host: String, port: Int, limits: ServingLimits = ServingLimits(), execution: (any TaskExecutor)? = nil,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in },
        refuse: @escaping @Sendable (UnreadableHead) -> ServedAnswer,
        respond: @escaping @Sendable (IncomingRequest) async -> ServedAnswer
    ) {
        (self.host, self.port, self.onListening) = (host, port, onListening)
        core = ServerCore(limits: limits, execution: execution, refuse: refuse, respond: respond)
    }

    var openConnections: Int { core.connections.count }
    var isLeaving: Bool { core.departure.hasBegun }

    /// Serves until it is told to shut down and the requests under way are answered. When it is cancelled, it gives
    /// them up.
    package func run() async throws {
        let core = core
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try core.accept(channel) }
            }
            .bind(host: host, port: port).get()
        onListening(listening.localAddress?.port ?? port)
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await core.connections.ended()
            } onGracefulShutdown: {
                listening.close(promise: nil)
                core.depart()
            }
        } onCancel: {
            listening.close(promise: nil)
            core.depart()
            core.connections.each { $0.abort() }
        }
    }
}

/// What all connections of a server share.
final class ServerCore: Sendable {
    let limits: ServingLimits
    let execution: (any TaskExecutor)?
    let refuse: @Sendable (UnreadableHead) -> ServedAnswer
    let respond: @Sendable (IncomingRequest) async -> ServedAnswer
    let departure = Departure()
    let connections = Connections()
    let goOn = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")
    let lastChunk = ByteBuffer(string: "0\r\n\r\n")

    init(
        limits: ServingLimits, execution: (any TaskExecutor)?,
        refuse: @escaping @Sendable (UnreadableHead) -> ServedAnswer,
        respond: @escaping @Sendable (IncomingRequest) async -> ServedAnswer
    ) {
        (self.limits, self.execution, self.refuse, self.respond) = (limits, execution, refuse, respond)
    }

    func accept(_ channel: any Channel) throws {
        var parsing = NIOHTTPDecoderLimitConfiguration()
        parsing.maxHeaderFieldSize = limits.fieldBytes
        parsing.maxHeaderListSize = limits.headBytes
        parsing.maxHeaderFieldCount = limits.fields
        let parser = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: parsing)
        let connection = HTTPConnection(self)
        guard connections.add(connection, on: channel.eventLoop) else { throw ChannelError.ioOnClosedChannel }
        do {
            try channel.pipeline.syncOperations.addHandlers([ByteToMessageHandler(parser), connection])
        } catch {
            connections.remove(connection)
            throw error
        }
    }

    func depart() {
        departure.begin()
        connections.close()
        connections.each { $0.depart() }
    }
}

/// The open connections of a server.
final class Connections: Sendable {
    private struct State {
        var open: [ObjectIdentifier: (loop: any EventLoop, connection: NIOLoopBound<HTTPConnection>)] = [:]
        var isClosed = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// - Returns: `false` when the server takes no more.
    func add(_ connection: HTTPConnection, on loop: any EventLoop) -> Bool {
        let bound = NIOLoopBound(connection, eventLoop: loop)
        let id = ObjectIdentifier(connection)
        return state.withLock { state in
            guard !state.isClosed else { return false }
            state.open[id] = (loop, bound)
            return true
        }
    }

    func remove(_ connection: HTTPConnection) {
        let id = ObjectIdentifier(connection)
        endIfEmpty { $0.open[id] = nil }
    }

    var count: Int { state.withLock { $0.open.count } }

    /// Takes no more.
    func close() { endIfEmpty { $0.isClosed = true } }

    func each(_ body: @escaping @Sendable (HTTPConnection) -> Void) {
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
