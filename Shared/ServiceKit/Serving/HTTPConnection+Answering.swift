import NIOCore

/// Handing requests over, and sending their answers.
extension HTTPConnection {
    func handOver() {
        guard let context, var exchange else { return }
        let line = ConnectionLine(self, on: context.eventLoop)
        let body: IncomingBody =
            exchange.isWhole ? .whole(exchange.body) : exchange.failure.map { .failed($0) } ?? .coming(line)
        if exchange.isWhole { exchange.body = [] }
        exchange.isHandedOver = true
        deadline = .distantFuture
        let request = IncomingRequest(exchange.head, body: body, departure: server.departure)
        exchange.task = Task(executorPreference: server.execution) { [server] in
            await line.serve(request, by: server.respond)
        }
        self.exchange = exchange
    }

    /// Sends a whole answer.
    func send(_ answer: ServedAnswer) {
        guard let context, let exchange else { return done() }
        let closes = isEnding(exchange)
        var buffer = context.channel.allocator.buffer(capacity: 768 + answer.length)
        answer.write(to: &buffer, framing(exchange, closes: closes))
        let size = buffer.readableBytes
        context.writeAndFlush(Self.wrapOutboundOut(buffer), promise: nil)
        if !context.channel.isWritable { server.untaken.hold(size, of: self, on: context.eventLoop) }
        done()
        if closes { leave(listening: !exchange.isWhole, after: size) } else { goOn(after: size) }
    }

    /// Sends the head of an answer that comes in pieces, and has the pieces made.
    ///
    /// Another task makes them than the one that worked for the request: what a task once needed for its calls it keeps
    /// to its end, and a stream is to cost little as long as it only waits.
    func beginStream(
        _ answer: ServedAnswer,
        _ pieces: (produce: @Sendable (ConnectionLine) async throws -> Void, mayEnd: Bool), over line: ConnectionLine
    ) {
        guard let context, let exchange, !isLeaving else { return endStream(isWhole: false) }
        let closes = isEnding(exchange) || exchange.head.isHTTP10
        isLast = closes
        var buffer = context.channel.allocator.buffer(capacity: 768)
        answer.write(to: &buffer, framing(exchange, closes: closes))
        context.writeAndFlush(Self.wrapOutboundOut(buffer), promise: nil)
        let task = Task(executorPreference: server.execution) { await line.send(pieces.produce, mayEnd: pieces.mayEnd) }
        self.exchange?.task = task
        if case .sized = answer.body {
            self.exchange?.isSized = true
            return
        }
        self.exchange?.isStream = true
        if server.departure.hasBegun || hasInputEnded { task.cancel() }
    }

    /// Sends one piece, and lets the writer continue when the caller has taken enough.
    func write(_ bytes: [UInt8], for writer: CheckedContinuation<Void, any Error>) {
        guard let context, let exchange, self.writer == nil else {
            return writer.resume(throwing: ChannelError.ioOnClosedChannel)
        }
        write(bytes, of: exchange, to: context)
        if context.channel.isWritable { return writer.resume() }
        self.writer = writer
        expect(by: .now() + limits.time(for: bytes.count))
    }

    /// Sends a piece unless the caller has yet to take others.
    func writeIfTaken(_ bytes: [UInt8]) {
        guard let context, let exchange, exchange.isStream, writer == nil, context.channel.isWritable else { return }
        write(bytes, of: exchange, to: context)
    }

    private func write(_ bytes: [UInt8], of exchange: Exchange, to context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: bytes.count + 16)
        if exchange.head.isHTTP10 || exchange.isSized {
            buffer.writeBytes(bytes)
        } else if !bytes.isEmpty {
            buffer.writeString("\(String(bytes.count, radix: 16))\r\n")
            buffer.writeBytes(bytes)
            buffer.writeStaticString("\r\n")
        }
        context.writeAndFlush(Self.wrapOutboundOut(buffer), promise: nil)
    }

    /// The caller takes its answer too slowly, and others need the room.
    func giveUp() { context?.close(promise: nil) }

    func cancelStream() {
        if exchange?.isStream == true { exchange?.task?.cancel() }
    }

    /// - Parameter isWhole: Whether the caller may take the stream for complete.
    func endStream(isWhole: Bool) {
        guard let context, let exchange else { return done() }
        done()
        guard isWhole else { return context.close(promise: nil) }
        if !exchange.head.isHTTP10, !exchange.isSized {
            context.writeAndFlush(Self.wrapOutboundOut(server.lastChunk), promise: nil)
        }
        if isEnding(exchange) { leave(listening: !exchange.isWhole) } else { goOn(after: 0) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            server.untaken.release(self)
            if let writer = writer.take() {
                deadline = .distantFuture
                writer.resume()
            }
            if isDraining {
                isDraining = false
                if !isLeaving { next() }
            }
        }
        context.fireChannelWritabilityChanged()
    }

    /// Whether the connection ends with the answer to `exchange`.
    private func isEnding(_ exchange: Exchange) -> Bool {
        let isNothingLeft = hasInputEnded && waiting.isEmpty && ending == nil
        return isLast || isNothingLeft || !exchange.head.keepsAlive || !exchange.isWhole
            || served + 1 >= limits.requests
    }

    func framing(_ exchange: Exchange, closes: Bool) -> AnswerFraming {
        AnswerFraming(
            isForHead: exchange.head.isForHead, isHTTP10: exchange.head.isHTTP10, closes: closes,
            date: HTTPDate.now())
    }

    func done() {
        exchange = nil
        served += 1
        forgetIfDone()
    }

    private func goOn(after bytes: Int) {
        guard let context else { return }
        guard context.channel.isWritable else {
            isDraining = true
            return expect(by: .now() + limits.time(for: bytes))
        }
        next()
    }

    /// Takes what has waited.
    private func next() {
        isHeadBegun = false
        expect(by: .now() + limits.idle)
        while !isLeaving, exchange?.isWhole != true, exchange?.failure == nil, let part = waiting.popFirst() {
            take(part)
        }
        guard !isLeaving else { return }
        reportEnding()
        if hasInputEnded { inputEnded() } else { readOn() }
    }

    /// Answers what cannot be read, and ends the connection.
    func refuse(_ problem: UnreadableHead) {
        guard let context, !isLeaving else { return }
        let answer = server.refuse(problem)
        var buffer = context.channel.allocator.buffer(capacity: 768 + answer.length)
        answer.write(
            to: &buffer, AnswerFraming(isForHead: false, isHTTP10: false, closes: true, date: HTTPDate.now()))
        context.writeAndFlush(Self.wrapOutboundOut(buffer), promise: nil)
        leave(listening: true)
    }
}
