import ServiceKit
import SharedModels

/// Handles auth's events about accounts.
struct MessagesNews: Sendable {
    let departures: DepartureWorkflow
    let notices: NoticeWorkflow

    func register(on events: EventReceiver) {
        events.on(AccountDeleted.self) { event, tx in try await departures.leave(event.userID, in: tx) }
        events.on(NoticeAdded.self) { event, tx in try await notices.tell(event.content, in: tx) }
    }
}
