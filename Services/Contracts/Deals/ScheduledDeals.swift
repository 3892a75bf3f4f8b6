import ServiceKit
import SharedModels

/// What this service does later, by itself.
struct ScheduledDeals: Sendable {
    let features: Features

    func register(on scheduler: Scheduler) {
        scheduler.handle(ActivationWorkflow.deadline) { item in
            try await features.activation.expire(item.id())
        }
        scheduler.handle(RevisionWorkflow.resumption) { item in
            try await resumeRevision(item)
        }
        scheduler.handle(ReleaseWorkflow.resumption) { item in
            try await resumeRelease(item)
        }
        scheduler.handle(FundingNews.recheck) { item in
            try await features.funding.recheck(item.id())
        }
        scheduler.handle(FundingNews.unwantedHold) { item in
            try await features.funding.dropUnwantedHold(item.id())
        }
        scheduler.handle(IdleWorkflow.deadline) { item -> ScheduledOutcome in
            try await features.idling.expire(item.id())
        }
        scheduler.handle(DisputeWorkflow.responseDeadline) { item in
            try await features.disputes.reviewUnanswered(item.id())
        }
        scheduler.handle(ResolutionWorkflow.resumption) { item in
            try await resumeResolution(item)
        }
        scheduler.handle(DepartureWorkflow.ending) { item -> ScheduledOutcome in
            try await features.departures.endDeals(of: item.id())
        }
        scheduler.handle(ReviewWorkflow.publication) { item in
            try await features.reviews.publishAlone(item.id())
        }
    }

    private func resumeRevision(_ item: ScheduledItem) async throws {
        let caller: AccountID = try item.member("user_id")
        do {
            _ = try await features.revisions.finish(item.id(), notes: item.payload["notes"]?.string ?? "", by: caller)
        } catch let refusal as PeerRefusal where refusal.isFinal {
            // Payments keeps the money, and the contract is as it was.
        }
    }

    private func resumeRelease(_ item: ScheduledItem) async throws {
        do {
            _ = try await features.releases.finish(item.id(), of: item.member("contract_id"))
        } catch let refusal as PeerRefusal where refusal.isFinal {
            // Payments keeps the money, and the milestone is as it was.
        }
    }

    private func resumeResolution(_ item: ScheduledItem) async throws {
        do {
            _ = try await features.resolutions.finish(item.id())
        } catch let refusal as PeerRefusal where refusal.isFinal {
            // Payments keeps the money, and the dispute is undecided again.
        }
    }
}

/// A row that this service did not write.
struct UnreadableItem: Error {
    let kind: String
    let key: String
}

extension ScheduledItem {
    /// What the item is about: its key.
    fileprivate func id<Kind>() throws -> Identifier<Kind> { try read(key) }

    fileprivate func member<Kind>(_ name: String) throws -> Identifier<Kind> {
        try read(payload[name]?.string ?? "")
    }

    private func read<Kind>(_ text: String) throws -> Identifier<Kind> {
        guard let id = Identifier<Kind>(text) else { throw UnreadableItem(kind: kind, key: key) }
        return id
    }
}
