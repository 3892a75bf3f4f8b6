/// A response whose body is read as it arrives. One task iterates it once. Dropping it ends the transfer.
package struct OutboundStream: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    /// The status and headers; its body is empty.
    package let head: OutboundResponse
    private let source: Source

    init(head: OutboundResponse, buffer: StreamBuffer, exchange: Exchange, inbox: TransferInbox) {
        self.head = head
        source = Source(buffer: buffer, exchange: exchange, inbox: inbox)
    }

    package func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: Source

        /// The next bytes, never an empty array.
        ///
        /// - Throws: ``OutboundError`` when the stream broke, was silent for too long or the client shut down, and
        ///   `CancellationError`. Bytes that arrived earlier are handed out first.
        package func next() async throws -> [UInt8]? {
            try await source.next()
        }
    }

    /// Ends the transfer when the last iterator and the stream are gone.
    fileprivate final class Source: Sendable {
        private let buffer: StreamBuffer
        private let exchange: Exchange
        private let inbox: TransferInbox

        init(buffer: StreamBuffer, exchange: Exchange, inbox: TransferInbox) {
            self.buffer = buffer
            self.exchange = exchange
            self.inbox = inbox
        }

        deinit { inbox.post(.cancel(exchange)) }

        func next() async throws -> [UInt8]? {
            try await withTaskCancellationHandler {
                try await buffer.next { inbox.post(.resume(exchange)) }
            } onCancel: {
                buffer.finish(.failure(CancellationError()))
                inbox.post(.cancel(exchange))
            }
        }
    }
}
