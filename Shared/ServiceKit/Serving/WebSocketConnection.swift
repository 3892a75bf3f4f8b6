import NIOCore
import NIOWebSocket

/// A connection that speaks WebSocket: puts messages together from frames, answers pings, and closes in turn. All of it
/// runs on the connection's event loop.
final class WebSocketConnection: ChannelDuplexHandler, OpenConnection {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let server: ServerCore
    private var listener: (any WebSocketListener)?
    private var context: ChannelHandlerContext?
    /// The text so far of a message in several frames.
    private var text: [UInt8]?
    /// In how many frames it came.
    private var pieces = 0
    /// What was written and not sent yet.
    private var unsent = 0
    private var isPaused = false
    private var isReadHeldBack = false
    private var hasSentClose = false
    private var timer: Scheduled<Void>?

    private var limits: ServingLimits { server.limits }

    init(_ server: ServerCore, _ listener: any WebSocketListener) {
        (self.server, self.listener) = (server, listener)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }
    func handlerRemoved(context: ChannelHandlerContext) { end() }

    /// The head of the answer was sent, and reading goes on.
    func begin() {
        guard let context, let listener else { return }
        listener.opened(WebSocketLine(self, on: context.eventLoop))
        if server.departure.hasBegun { depart() }
        context.read()
    }

    private func end() {
        guard context != nil else { return }
        context = nil
        timer?.cancel()
        timer = nil
        text = nil
        listener?.closed()
        listener = nil
        server.connections.remove(self)
    }

    func depart() { close(.goingAway) }
    func abort() { context?.close(promise: nil) }

    // MARK: - Reading

    func pause() { isPaused = true }

    func resume() {
        isPaused = false
        guard isReadHeldBack, let context else { return }
        isReadHeldBack = false
        context.read()
    }

    func read(context: ChannelHandlerContext) {
        if isPaused, !hasSentClose { isReadHeldBack = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return close(.protocolError) }
        // Once we have said that we leave, only the other's farewell counts.
        guard !hasSentClose || frame.opcode == .connectionClose else { return }
        switch frame.opcode {
        case .text:
            guard text == nil else { return close(.protocolError) }
            add(frame)
        case .continuation:
            guard text != nil else { return close(.protocolError) }
            add(frame)
        case .ping: write(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData))
        case .pong: break
        case .connectionClose: answer(frame)
        case .binary: close(.notText)
        default: close(.protocolError)
        }
    }

    private func add(_ frame: WebSocketFrame) {
        var data = frame.unmaskedData
        let piece = data.readBytes(length: data.readableBytes) ?? []
        let whole = text.map { $0 + piece } ?? piece
        pieces += 1
        guard whole.count <= limits.message, pieces <= limits.fragments else { return close(.tooLarge) }
        guard frame.fin else {
            text = whole
            return
        }
        (text, pieces) = (nil, 0)
        guard String(validating: whole, as: UTF8.self) != nil else { return close(.notUTF8) }
        listener?.received(whole)
    }

    /// The other leaves, or agrees that we do.
    private func answer(_ frame: WebSocketFrame) {
        guard !hasSentClose else {
            context?.close(promise: nil)
            return
        }
        close(WebSocketEnd(answering: frame.unmaskedData), isAnswer: true)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: close(.tooLarge)
        case is NIOWebSocketError: close(.protocolError)
        // More came behind what could not be read.
        case is ByteToMessageDecoderError: break
        default: context.close(promise: nil)
        }
    }

    // MARK: - Writing

    func send(_ text: [UInt8]) {
        guard let context, !hasSentClose else { return }
        guard unsent + text.count <= limits.unsent else { return context.close(promise: nil) }
        write(WebSocketFrame(fin: true, opcode: .text, data: context.channel.allocator.buffer(bytes: text)))
    }

    /// Says why we leave. The other has a while to answer.
    ///
    /// - Parameter isAnswer: Whether the other left first. Then nothing more is waited for.
    func close(_ end: WebSocketEnd, isAnswer: Bool = false) {
        guard let context, !hasSentClose else { return }
        var data = context.channel.allocator.buffer(capacity: 2 + end.reason.utf8.count)
        if end.code != 1005 {
            data.writeInteger(end.code)
            data.writeString(end.reason)
        }
        write(WebSocketFrame(fin: true, opcode: .connectionClose, data: data), isLast: isAnswer)
        hasSentClose = true
        text = nil
        expect(within: limits.farewell)
        // What was held back may be the other's farewell.
        resume()
    }

    private func write(_ frame: WebSocketFrame, isLast: Bool = false) {
        guard let context else { return }
        let size = frame.length
        // Pings are answered too, so they count as well.
        guard unsent + size <= limits.unsent, server.unsent.take(size) else { return context.close(promise: nil) }
        unsent += size
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { [self] _ in
            taken(size)
            if isLast { self.context?.close(promise: nil) }
        }
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: sent)
        if unsent > 0, timer == nil { expect(within: limits.time(for: unsent)) }
    }

    private func taken(_ size: Int) {
        unsent -= size
        server.unsent.give(size)
        guard !hasSentClose else { return }
        timer?.cancel()
        timer = nil
        if unsent > 0 { expect(within: limits.time(for: unsent)) }
    }

    /// Disconnects when nothing has changed within `time`.
    private func expect(within time: TimeAmount) {
        timer?.cancel()
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: time) { [self] in
            timer = nil
            context?.close(promise: nil)
        }
    }
}

extension WebSocketEnd {
    /// The answer to somebody's farewell: the same, if it is one (RFC 6455, section 7.4).
    fileprivate init(answering data: ByteBuffer) {
        var data = data
        guard data.readableBytes > 0 else {
            self.init(1005, "")
            return
        }
        guard let code = data.readInteger(as: UInt16.self), Self.mayBeSent(code) else {
            self = .protocolError
            return
        }
        let reason = data.readBytes(length: data.readableBytes) ?? []
        self = String(validating: reason, as: UTF8.self).map { Self(code, $0) } ?? .notUTF8
    }

    private static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

@available(*, unavailable)
extension WebSocketConnection: Sendable {}
