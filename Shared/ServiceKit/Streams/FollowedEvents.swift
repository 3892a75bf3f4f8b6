/// The events of one topic from a place on, as a stream: what there is, and then what comes whenever the bell rings.
///
/// It begins with a heartbeat, so that the caller knows at once that it listens.
package struct FollowedEvents<Place: Sendable>: AsyncSequence, Sendable {
    /// Reads the next events after a place. It gives none when there are none yet.
    package typealias Read = @Sendable (Place) async throws -> (events: [OutgoingEvent], next: Place)

    private let seat: StreamSeat
    private let start: Place
    private let read: Read

    /// - Parameters:
    ///   - seat: Taken before `start` was looked up: so nothing is missed in between.
    ///   - start: The place after which the stream begins.
    package init(_ seat: StreamSeat, after start: Place, read: @escaping Read) {
        (self.seat, self.start, self.read) = (seat, start, read)
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(seat: seat, place: start, read: read) }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let seat: StreamSeat
        fileprivate var place: Place
        fileprivate let read: Read
        private var hasBegun = false

        fileprivate init(seat: StreamSeat, place: Place, read: @escaping Read) {
            (self.seat, self.place, self.read) = (seat, place, read)
        }

        /// Several events go out as one piece.
        package mutating func next() async throws -> OutgoingEvent? {
            guard hasBegun else {
                hasBegun = true
                return .heartbeat
            }
            while true {
                let (events, next) = try await seat.look { [read, place] in try await read(place) }
                place = next
                if !events.isEmpty { return OutgoingEvent(joining: events) }
                try await seat.wait()
            }
        }
    }
}
