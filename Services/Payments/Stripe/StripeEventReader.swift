import Logging
import Postgres
import ServiceKit
import SharedModels

/// Reads the events that Stripe has on its list, so that none is missed which was sent and never arrived. Each counts
/// once, whichever way it comes.
///
/// The reading also shows whether Stripe takes our key (``StripeStanding``) while nothing else asks.
struct StripeEventReader: Sendable {
    static let pause = Duration.seconds(60)
    /// Read again each time, because events may show up a little late.
    static let overlap = Duration.minutes(5)
    /// How far the first reading goes back.
    static let firstReach = Duration.hours(1)

    let database: Database
    let clock: any DomainClock
    let stripe: StripeClient
    let inbox: StripeInbox
    let reading = StripeReadingStore()

    func register(on scheduler: Scheduler) {
        scheduler.regularly("stripe.events.read") {
            do {
                try await read()
            } catch is ProviderError {
                return clock.now + .seconds(15)
            }
            return clock.now + Self.pause
        }
    }

    /// Takes every event since the last reading. A reading that breaks off is begun again at the same place.
    func read() async throws {
        let known = try await reading.find(in: database)
        let begin = known.map { $0 - Self.overlap } ?? clock.now - Self.firstReach
        var newest = known ?? begin
        try await stripe.pages(of: "/v1/events?limit=100") { (events: [StripeEvent]) in
            let wanted = events.filter { ($0.created ?? begin) >= begin }
            // Most came by themselves, or were read the last time.
            let missing = try await inbox.events.missing(
                among: wanted.filter(inbox.isOfOurMode).map(\.id), in: database)
            for event in wanted where missing.contains(event.id) { try await inbox.take(event, at: clock.now) }
            newest = max(newest, wanted.compactMap(\.created).max() ?? newest)
            return wanted.count < events.count || events.isEmpty
        }
        try await reading.save(newest, in: database)
    }
}

/// Stores events that came or were read, and has them followed up.
struct StripeInbox: Sendable {
    let database: Database
    let scheduler: Scheduler
    /// Whether our key is for real money. Events of the other mode are not about ours.
    let isLive: Bool
    let events = StripeEventStore()

    func isOfOurMode(_ event: StripeEvent) -> Bool { event.isLive ?? isLive == isLive }

    /// - Throws: ``WebhookError/otherMode(isLive:)``.
    func take(_ event: StripeEvent, at now: Timestamp) async throws {
        guard isOfOurMode(event) else { throw WebhookError.otherMode(isLive: !isLive) }
        try await database.transaction { tx in
            guard try await events.insert(event, at: now, in: tx), event.concern != nil else { return }
            try await scheduler.schedule(LookIntoStripeEvent(event.id), at: now, in: tx)
        }
    }
}
