import ServiceKit
import SharedModels

/// The scheduled work of this service.
struct ScheduledDeals: Sendable {
    let features: Features

    func register(on scheduler: Scheduler) {
        scheduler.on(ExpireNegotiation.self) { try await features.idling.expire($0.subject) }
        scheduler.on(ExpireContract.self) { try await features.activation.expire($0.subject) }
        scheduler.on(RecheckFunding.self) { try await features.funding.recheck($0.subject) }
        scheduler.on(DropUnwantedHold.self) { try await features.funding.dropUnwantedHold($0.subject) }
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

    /// A final refusal ends the work: payments keeps the money, and the change was taken back.
    private func unlessRefused(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let refusal as PeerRefusal where refusal.isFinal {
            return
        }
    }
}
