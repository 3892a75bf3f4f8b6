import NIOCore
import NIOHTTP1

/// One connection: collects requests, hands each over when it is there, and sends the answers in order.
///
/// One request is worked for at a time. What a caller sends meanwhile waits, and when it is much, is not read. All of
/// it runs on the connection's event loop.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler, OpenConnection {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A request from its head to its answer's end.
    struct Exchange {
        let head: IncomingHead
        var body: [UInt8] = []
        var isWhole = false
        var failure: BodyFailure?
        var isHandedOver = false
        /// When the body began to be read.
        var start = NIODeadline.now()
        /// How much of the body was given away already, in pieces.
        var taken = 0
        /// Who waits for the body.
        var reader: BodyReader?
        /// Whether the caller was told to go on.
        var isContinued = false
        var task: Task<Void, Never>?
        var isStream = false
        /// Whether the answer comes in pieces, but its length is known.
        var isSized = false
    }

    struct BodyReader {
        /// How much of the body is too much.
        let limit: Int
        /// Whether it takes what is there, instead of waiting for the whole.
        let takesPieces: Bool
        let continuation: CheckedContinuation<[UInt8], any Error>
    }

    let server: ServerCore
    let parser: ByteToMessageHandler<HTTPRequestDecoder>
    var context: ChannelHandlerContext?
    var exchange: Exchange?
    var served = 0
    /// What came while a request was worked for.
    var waiting = CircularBuffer<HTTPServerRequestPart>()
    /// What ends the connection once all before it is answered.
    var ending: UnreadableHead?
    var hasInputEnded = false
    var isReadHeldBack = false
    /// Whether a part of the next head has come.
    var isHeadBegun = false
    /// Whether an answer waits for its reader.
    var isDraining = false
    /// Who waits until more of a stream can be sent.
    var writer: CheckedContinuation<Void, any Error>?
    /// No more requests are taken; what still comes is thrown away.
    var isLeaving = false
    /// Whether everything was sent, and only the caller's end is waited for.
    private var isOnlyListening = false
    /// Whether the present request is the last one.
    var isLast = false
    /// Whether bytes came behind a request for another protocol, before it was answered.
    var hasEarlyBytes = false

    var deadline = NIODeadline.distantFuture
    private var timer: (due: NIODeadline, task: Scheduled<Void>)?

    init(_ server: ServerCore, behind parser: ByteToMessageHandler<HTTPRequestDecoder>) {
        self.server = server
        self.parser = parser
    }

    var limits: ServingLimits { server.limits }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        expect(by: .now() + limits.idle)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    /// Also comes without the other, when the connection never became active.
    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        guard context != nil else { return }
        context = nil
        endTimer()
        server.untaken.release(self)
        waiting.removeAll()
        fail(.broken)
        writer.take()?.resume(throwing: ChannelError.ioOnClosedChannel)
        if exchange?.isStream == true { exchange?.task?.cancel() }
        forgetIfDone()
    }

    /// The connection counts as open until its last request is done.
    func forgetIfDone() {
        if context == nil, exchange?.task == nil { server.connections.remove(self) }
    }

    /// The server shuts down: no request after the present one.
    func depart() {
        isLast = true
        guard context != nil, !isLeaving else { return }
        guard let exchange, exchange.isHandedOver else { return leave(listening: false) }
        if exchange.isStream { exchange.task?.cancel() }
    }

    /// The server's time is over.
    func abort() {
        exchange?.task?.cancel()
        context?.close(promise: nil)
    }

    /// Ends the connection when everything written was taken.
    ///
    /// - Parameter listening: Whether the caller may still be sending. Closing then would cost it the answer (RFC 9112,
    ///   section 9.6).
    func leave(listening: Bool, after bytes: Int = 0) {
        guard let context, !isLeaving else { return }
        isLeaving = true
        waiting.removeAll()
        expect(by: .now() + limits.time(for: bytes))
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { [self] _ in
            guard let context = self.context else { return }
            guard listening, !hasInputEnded else { return context.close(promise: nil) }
            isOnlyListening = true
            context.close(mode: .output, promise: nil)
            expect(by: .now() + limits.farewell)
            readOn()
        }
        // It is sent behind everything else.
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer()), promise: sent)
    }

    func read(context: ChannelHandlerContext) {
        if mayRead { context.read() } else { isReadHeldBack = true }
    }

    private var mayRead: Bool {
        if isLeaving { return true }
        guard waiting.isEmpty, !isDraining else { return false }
        // The parser would keep what comes behind a request for another protocol, however much that is.
        if let exchange, exchange.isWhole, exchange.head.upgrades { return false }
        guard let exchange, exchange.isHandedOver, !exchange.isWhole else { return true }
        return exchange.reader != nil || exchange.body.count < limits.unaskedBody
    }

    func readOn() {
        guard isReadHeldBack, mayRead, let context else { return }
        isReadHeldBack = false
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = Self.unwrapInboundIn(data)
        guard !isLeaving else { return }
        if isBusy { waiting.append(part) } else { take(part) }
    }

    /// Whether the next part belongs to a later request than the one that is worked for.
    private var isBusy: Bool { isDraining || ending != nil || exchange?.isWhole == true || exchange?.failure != nil }

    func channelReadComplete(context: ChannelHandlerContext) {
        if exchange == nil, waiting.isEmpty, !isLeaving, !isDraining, !isHeadBegun {
            isHeadBegun = true
            expect(by: .now() + limits.head)
        }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        hasInputEnded = true
        if isOnlyListening { return context.close(promise: nil) }
        if !isLeaving, waiting.isEmpty, !isDraining { inputEnded() }
    }

    /// Nothing more will come. What is there is still answered.
    func inputEnded() {
        if exchange == nil { return leave(listening: false) }
        // Who follows a stream and closes its end is gone. Otherwise only the next heartbeat would tell.
        if exchange?.isStream == true { cancelStream() } else { fail(.broken) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError:
            guard !isLeaving, ending == nil else { return }
            ending = error == .headerOverflow ? .tooLarge : .badSyntax
            if !isDraining, waiting.isEmpty { reportEnding() }
        // More came after what could not be read, or behind a request for another protocol.
        case is ByteToMessageDecoderError: hasEarlyBytes = true
        default: context.close(promise: nil)
        }
    }

    /// Reports what the parser could not read: to the reader of the body, or by a separate answer.
    func reportEnding() {
        guard let ending, exchange?.isWhole != true, exchange?.failure == nil else { return }
        if exchange == nil { refuse(ending) } else { fail(.broken) }
    }

    func take(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head):
            isHeadBegun = false
            do {
                try begin(IncomingHead(head))
            } catch {
                refuse(error)
            }
        case .body(let bytes):
            exchange?.body.append(contentsOf: bytes.readableBytesView)
            settle()
        case .end:
            exchange?.isWhole = true
            settle()
        }
    }

    private func begin(_ head: IncomingHead) {
        exchange = Exchange(head: head)
        guard head.bodyLength != 0 else { return }
        if head.expectsContinue || head.bodyLength ?? 0 > limits.unaskedBody {
            handOver()
        } else {
            expect(by: .now() + limits.time(for: 0))
        }
    }

    /// Hands the request over, or gives the body to its reader, as soon as that is possible.
    private func settle() {
        guard let exchange else { return }
        guard exchange.isHandedOver else {
            if exchange.isWhole || exchange.failure != nil || exchange.body.count > limits.unaskedBody { handOver() }
            return
        }
        guard let reader = exchange.reader else { return }
        if let failure = exchange.failure {
            answer(reader.continuation, .failure(failure))
        } else if max(exchange.taken + exchange.body.count, exchange.head.bodyLength ?? 0) > reader.limit {
            answer(reader.continuation, .failure(.tooLarge))
        } else if exchange.isWhole || (reader.takesPieces && !exchange.body.isEmpty) {
            self.exchange?.taken += exchange.body.count
            self.exchange?.body = []
            answer(reader.continuation, .success(exchange.body))
        }
    }

    private func answer(
        _ reader: CheckedContinuation<[UInt8], any Error>, _ result: Result<[UInt8], BodyFailure>
    ) {
        exchange?.reader = nil
        deadline = .distantFuture
        reader.resume(with: result)
    }

    private func fail(_ failure: BodyFailure) {
        guard exchange != nil, exchange?.isWhole == false, exchange?.failure == nil else { return }
        exchange?.failure = failure
        settle()
    }

    /// Somebody wants the body of the present request, or what of it is there next: nothing at its end.
    func read(for reader: BodyReader) {
        guard let context, exchange != nil else { return reader.continuation.resume(throwing: BodyFailure.broken) }
        exchange?.reader = reader
        if exchange?.taken == 0 { exchange?.start = .now() }
        settle()
        guard let exchange, exchange.reader != nil else { return }
        expect(by: .now() + limits.time(for: 0))
        if exchange.head.expectsContinue, exchange.body.isEmpty, !exchange.isContinued {
            self.exchange?.isContinued = true
            context.writeAndFlush(Self.wrapOutboundOut(server.goOn), promise: nil)
        }
        readOn()
    }

    /// Sets the time for what is due next. The timer is only moved when it would ring too late.
    func expect(by due: NIODeadline) {
        deadline = due
        guard let context else { return }
        if let timer, timer.due <= due { return }
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { [self] in ring() }
        timer = (due, task)
    }

    func endTimer() {
        timer?.task.cancel()
        timer = nil
    }

    private func ring() {
        timer = nil
        guard let context, deadline != .distantFuture else { return }
        guard deadline <= .now() else { return expect(by: deadline) }
        if isLeaving || isDraining || writer != nil { return context.close(promise: nil) }
        guard let exchange else {
            return isHeadBegun ? refuse(.late) : leave(listening: false)
        }
        guard !exchange.isHandedOver || exchange.reader != nil else { return }
        let due = exchange.start + limits.time(for: exchange.taken + exchange.body.count)
        if due > .now() { expect(by: due) } else { fail(.late) }
    }
}

@available(*, unavailable)
extension HTTPConnection: Sendable {}
