/// The events of a stream of bytes, such as an ``OutboundStream``.
package struct ServerSentEvents<Base: AsyncSequence>: AsyncSequence where Base.Element == [UInt8] {
    package typealias Element = ServerSentEvent
    package typealias Failure = any Error

    private let base: Base

    package init(_ base: Base) {
        self.base = base
    }

    package func makeAsyncIterator() -> Iterator { Iterator(bytes: base.makeAsyncIterator()) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var bytes: Base.AsyncIterator
        private var parser = ServerSentEventParser()
        private var ready: ArraySlice<ServerSentEvent> = []

        fileprivate init(bytes: Base.AsyncIterator) {
            self.bytes = bytes
        }

        /// - Throws: What the stream throws, and ``OutboundError/responseTooLarge`` for an event that does not end.
        package mutating func next() async throws -> ServerSentEvent? {
            while ready.isEmpty {
                guard let piece = try await bytes.next(isolation: #isolation) else { return nil }
                ready = try parser.feed(piece)[...]
            }
            return ready.removeFirst()
        }
    }
}

extension ServerSentEvents: Sendable where Base: Sendable {}
