import Postgres
import ServiceKit
import SharedModels

extension StreamChannel {
    /// Rings for a conversation when it has a message, or was read.
    static let messages = StreamChannel("guildhall_messages")
}

/// Where a reader of a stream stands.
struct LivePlace: Sendable {
    /// The last message that the reader has.
    var position: Int64
    /// Up to where the other has read, as far as the reader knows.
    var otherRead: Int64
}

/// Tells participants of messages as they come.
struct LiveWorkflow: Sendable {
    /// Messages read at once.
    private static let batch = 50

    let database: Database
    let bell: StreamBell
    let conversations = ConversationStore()
    let messages = MessageStore()

    /// Waits until the conversation has a message that `caller` has not read, at most for `limit` or until the service
    /// shuts down.
    func waitForMessage(
        in id: ConversationID, for limit: Duration, by caller: AccountID, or departure: Departure
    ) async throws {
        let seat = bell.seat(for: id)
        guard try await unread(in: id, of: caller) == 0 else { return }
        await departure.ending {
            await firstAnswer(within: limit) {
                // When the wait is cancelled or the database is away, the answer that follows tells what there is.
                while (try? await seat.wait()) != nil {
                    if (try? await unread(in: id, of: caller)) != 0 { return }
                }
            }
        }
    }

    private func unread(in id: ConversationID, of caller: AccountID) async throws -> Int64 {
        guard let standing = try await conversations.standing(of: caller, in: id, in: database) else {
            throw ConversationError.notFound
        }
        return standing.unread
    }

    /// The messages of a conversation from now on, or after the one that the reader saw last: as events `message` with
    /// their ids, in order and without a gap. An event `read` tells that the other has read.
    func follow(
        _ id: ConversationID, after last: MessageID?, by caller: AccountID
    ) async throws -> FollowedEvents<LivePlace> {
        let seat = bell.seat(for: id)
        guard let standing = try await conversations.standing(of: caller, in: id, in: database) else {
            throw ConversationError.notFound
        }
        let conversation = standing.conversation
        var place = LivePlace(position: conversation.lastPosition, otherRead: standing.otherRead)
        if let last { place.position = try await messages.position(of: last, in: id, in: database) ?? place.position }
        let other = conversation.pair.other(than: caller)
        return FollowedEvents(seat, after: place) { place in
            try await news(in: conversation, after: place, of: other)
        }
    }

    private func news(
        in conversation: Conversation, after place: LivePlace, of other: AccountID
    ) async throws -> (events: [OutgoingEvent], next: LivePlace) {
        var next = place
        let new = try await messages.messages(
            of: conversation, after: place.position, limit: Self.batch, in: database)
        next.position = new.last?.position ?? place.position
        var events = try new.map { message in
            try OutgoingEvent(event: "message", id: message.id.prefixed, message.view)
        }
        let receipt = try await messages.receipt(
            of: other, in: conversation.id, after: place.otherRead, in: database)
        if let (read, receipt) = receipt {
            next.otherRead = read
            events.append(try OutgoingEvent(event: "read", receipt))
        }
        return (events, next)
    }
}
