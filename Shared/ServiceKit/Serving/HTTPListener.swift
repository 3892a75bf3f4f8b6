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
    var untakenBytes: Int { core.untaken.bytes }
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
    /// What waits for the readers of all WebSockets.
    let unsent: SocketBudget
    let connections = Connections()
    let untaken: UntakenAnswers
    let goOn = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")
    let lastChunk = ByteBuffer(string: "0\r\n\r\n")

    init(
        limits: ServingLimits, execution: (any TaskExecutor)?,
        refuse: @escaping @Sendable (UnreadableHead) -> ServedAnswer,
        respond: @escaping @Sendable (IncomingRequest) async -> ServedAnswer
    ) {
        (self.limits, self.execution, self.refuse, self.respond) = (limits, execution, refuse, respond)
        unsent = SocketBudget(limits.unsentInAll)
        untaken = UntakenAnswers(limits)
    }

    func accept(_ channel: any Channel) throws {
        var parsing = NIOHTTPDecoderLimitConfiguration()
        parsing.maxHeaderFieldSize = limits.fieldBytes
        parsing.maxHeaderListSize = limits.headBytes
        parsing.maxHeaderFieldCount = limits.fields
        let parser = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .fireError, limitConfiguration: parsing))
        let connection = HTTPConnection(self, behind: parser)
        guard connections.add(connection, on: channel.eventLoop) else { throw ChannelError.ioOnClosedChannel }
        do {
            try channel.pipeline.syncOperations.addHandlers([parser, connection])
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
