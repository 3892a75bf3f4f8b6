import ServiceKit
import SharedModels

/// The scheduled work of this service. What waits for another service is tried at a steady pace, so that it ends soon
/// after that service is back.
struct ContractsSchedule: Sendable {
    let features: Features
    let clock: any DomainClock

    func register(on scheduler: Scheduler) {
        scheduler.on(ExpireNegotiation.self) { try await features.idling.expire($0.subject) }
        scheduler.on(ExpireContract.self) { work in
            try await steadily { try await features.activation.expire(work.subject) }
        }
        scheduler.on(RecheckFunding.self) { work in
            try await steadily { try await features.funding.recheck(work.subject) }
        }
        scheduler.on(DropUnwantedHold.self) { work in
            try await steadily { try await features.funding.dropUnwantedHold(work.subject) }
        }
        scheduler.on(ReviewUnanswered.self) { try await features.disputes.reviewUnanswered($0.subject) }
        scheduler.on(PublishReview.self) { try await features.reviews.publishAlone($0.subject) }
        scheduler.on(EndDeals.self) { try await features.departures.endDeals(of: $0.subject) }
        scheduler.on(ResumeRevision.self) { work in
            try await unlessRefused {
                _ = try await features.revisions.finish(work.contract, notes: work.notes, by: work.caller)
            }
        }
        scheduler.on(ReleaseUndisputed.self) { try await features.deadlines.release($0.subject) }
        scheduler.on(RemindOfRelease.self) { try await features.deadlines.remind($0.subject) }
        scheduler.on(ResumeEnd.self) { work in
            try await unlessRefused { try await features.ends.finish(work.subject) }
        }
        scheduler.on(ResumeWithdrawal.self) { work in
            try await unlessRefused { try await features.withdrawals.finish(work.subject) }
        }
        scheduler.on(ResumeRelease.self) { work in
            try await unlessRefused { _ = try await features.releases.finish(work.milestone, of: work.contract) }
        }
        scheduler.on(ResumeResolution.self) { work in
            try await unlessRefused { _ = try await features.resolutions.finish(work.subject) }
        }
    }

    private func steadily(_ work: () async throws -> Void) async throws -> ScheduledOutcome {
        try await patiently(by: clock, while: { $0.isPassing }) {
            try await work()
            return .done
        }
    }

    /// A final refusal ends the work: payments keeps the money, and the change was taken back.
    private func unlessRefused(_ work: () async throws -> Void) async throws -> ScheduledOutcome {
        try await steadily {
            do {
                try await work()
            } catch let refusal as PeerRefusal where refusal.isFinal {
                return
            }
        }
    }
}
