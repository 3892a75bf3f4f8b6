import Logging
import Postgres
import ServiceKit
import SharedModels

/// What happens to delivered work that nobody disputes: its client is reminded, and then it is released by itself.
///
/// A dispute can be opened until the very moment of the release, and both happen under the contract's lock. So a milestone
/// is either disputed or released.
struct DeadlineWorkflow: Sendable {
    /// How long before the release its client is reminded.
    static let reminder = Duration.days(3)
    /// The wait before another look at a milestone that something else is moving.
    static let pause = Duration.minutes(1)
    /// The wait after payments refused. Somebody has to look at it by then.
    static let pauseAfterRefusal = Duration.hours(1)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let releases: ReleaseWorkflow
    let logger: Logger
    let contracts = ContractStore()

    /// The time to dispute a milestone may be over.
    ///
    /// - Returns: When to look again, if it is not released and not disputed.
    func release(_ id: MilestoneID) async throws -> ScheduledOutcome {
        guard let contractID = try await contracts.contract(of: id, in: database) else { return .done }
        let later = try await database.transaction { tx -> ScheduledOutcome? in
            guard var contract = try await contracts.lock(contractID, in: tx), contract.status == .active,
                let milestone = contract.milestones.first(where: { $0.id == id }), let due = milestone.autoReleaseAt
            else { return .done }
            guard due <= clock.now else { return .again(at: due) }
            let departure = try await book.departures.standing(of: contract.parties, at: clock.now, in: tx)
            guard milestone.moving == nil, departure == nil else { return .again(at: clock.now + Self.pause) }
            let started = try await releases.start(by: .deadline, id, of: &contract, in: tx)
            return started.status == .released ? .done : nil
        }
        if let later { return later }
        do {
            _ = try await releases.finish(id, of: contractID)
        } catch let refusal as PeerRefusal where refusal.isFinal {
            logger.error(
                "a milestone cannot be released at its deadline",
                metadata: ["milestone": "\(id)", "reason": "\(refusal.publicMessage)"])
            return .again(at: clock.now + Self.pauseAfterRefusal)
        } catch let error where error.isPassing {
            // `ResumeRelease` finishes it, and this looks whether it did.
            return .again(at: clock.now + Self.pause)
        }
        return .done
    }

    /// The time to dispute a milestone is almost over: its client is told, once.
    func remind(_ id: MilestoneID) async throws -> ScheduledOutcome {
        try await database.transaction { tx in
            guard let contractID = try await contracts.contract(of: id, in: tx),
                var contract = try await contracts.lock(contractID, in: tx), contract.status == .active,
                let milestone = contract.milestones.first(where: { $0.id == id }),
                let due = milestone.autoReleaseAt, milestone.moving == nil, clock.now < due
            else { return .done }
            guard due - Self.reminder <= clock.now else { return .again(at: due - Self.reminder) }
            try await book.save(
                &contract, announcing: MilestoneReleaseDue.self, of: id, to: [contract.parties.client], in: tx)
            // In this transaction, so that a process that dies now does not remind twice.
            try await scheduler.cancel(RemindOfRelease(id), in: tx)
            return .done
        }
    }
}
