import Logging
import Postgres
import ServiceKit
import SharedModels

/// What other services tell this one.
struct DealNews: Sendable {
    let database: Database
    let clock: any DomainClock
    let inbox: Inbox
    let activation: ActivationWorkflow
    let funding: FundingNews
    let departures: DepartureWorkflow
    let logger: Logger

    /// Takes an event over; one that was taken before changes nothing. Events of other names are passed over.
    func take(_ event: EventEnvelope) async throws {
        guard let news = News(event) else {
            return logger.error(
                "an event cannot be read", metadata: ["event": "\(event.id)", "name": "\(event.name)"])
        }
        try await database.transaction { tx in
            try await inbox.once(event.id, at: clock.now, in: tx) {
                switch news {
                case .onboarded(let worker): try await activation.onboarded(worker, in: tx)
                case .funded(let milestone): try await funding.funded(milestone, in: tx)
                case .lapsed(let milestone): try await funding.lapsed(milestone, in: tx)
                case .left(let account): try await departures.left(account, in: tx)
                }
            }
        }
    }
}

/// An event of payments or auth, read.
private enum News: Sendable {
    case onboarded(AccountID)
    case funded(MilestoneID)
    case lapsed(MilestoneID)
    case left(AccountID)

    /// - Returns: `nil` when it is not for this service, or names nothing.
    init?(_ event: EventEnvelope) {
        let account = event.data["user_id"]?.string.flatMap { AccountID($0) }
        let milestone = event.data["milestone_id"]?.string.flatMap { MilestoneID($0) }
        switch (InternalEventName(rawValue: event.name), account, milestone) {
        case (.payeeOnboarded, let worker?, _): self = .onboarded(worker)
        case (.accountDeleted, let account?, _): self = .left(account)
        case (.escrowFunded, _, let milestone?): self = .funded(milestone)
        case (.escrowLapsed, _, let milestone?): self = .lapsed(milestone)
        default: return nil
        }
    }
}
