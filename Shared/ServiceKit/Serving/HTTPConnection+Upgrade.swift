import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Handing a connection over to WebSocket.
extension HTTPConnection {
    /// Sends the answer to a request that asked for WebSocket, and leaves the connection to `listener`.
    ///
    /// What came behind the request before it was answered is refused: nobody may send before it has the answer (RFC
    /// 6455, section 4.1), and who does takes us for another server.
    func upgrade(_ answer: ServedAnswer, to listener: any WebSocketListener) {
        guard let context, exchange?.isWhole == true, waiting.isEmpty, !isLeaving, !hasInputEnded else {
            return giveUp(listener)
        }
        deadline = .distantFuture
        // The parser leaves a little later. Until then nothing is read.
        let hasLeft = context.eventLoop.makePromise(of: Void.self)
        hasLeft.futureResult.assumeIsolated().whenComplete { [self] _ in takeOver(answer, listener) }
        context.pipeline.syncOperations.removeHandler(parser, promise: hasLeft)
    }

    private func takeOver(_ answer: ServedAnswer, _ listener: any WebSocketListener) {
        guard let context, !hasInputEnded, !hasEarlyBytes else { return giveUp(listener) }
        var buffer = context.channel.allocator.buffer(capacity: 512)
        answer.write(
            to: &buffer, AnswerFraming(isForHead: false, isHTTP10: false, closes: false, date: HTTPDate.now()))
        context.writeAndFlush(Self.wrapOutboundOut(buffer), promise: nil)
        let socket = WebSocketConnection(server, listener)
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandlers([
                WebSocketFrameEncoder(),
                ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.message)), socket,
            ])
        } catch {
            return giveUp(listener)
        }
        server.connections.replace(self, with: socket, on: context.eventLoop)
        endTimer()
        exchange = nil
        self.context = nil
        pipeline.removeHandler(self, promise: nil)
        socket.begin()
    }

    private func giveUp(_ listener: any WebSocketListener) {
        listener.closed()
        let context = context
        done()
        context?.close(promise: nil)
    }
}
