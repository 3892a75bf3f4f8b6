import SharedModels

/// A piece of work that a client offers on Skillhouse: a gig of the flow `escrow_checkout`.
struct Job: Sendable, Equatable {
    let id: GigID
    let clientID: AccountID
    var title: String
    var description: String
    /// What the client pays for all of it, in paise.
    var rate: Int64
    var experienceLevel: ExperienceLevel
    var location: String
    var categoryID: CategoryID
    var skillIDs: [SkillID]
    var startAt: Timestamp?
    var endAt: Timestamp?
    var applicants = 0
    var hiredFreelancerID: AccountID?
    var status = JobStatus.open
    var version: Int64 = 1
    let createdAt: Timestamp
    var updatedAt: Timestamp
}

extension Job {
    /// About how many bytes it has.
    var bytes: Int { 600 + title.utf8.count + description.utf8.count + location.utf8.count }

    /// The job as contracts' news of its latest contract leaves it, or `nil` when that changes nothing.
    func following(_ hiring: Hiring, isNew: Bool, at now: Timestamp) -> Job? {
        var changed = self
        switch hiring.stage {
        case .canceled:
            changed.status = .open
            changed.hiredFreelancerID = nil
        case .released:
            changed.status = .closed
            changed.hiredFreelancerID = hiring.freelancerID
        case .open:
            // What the client made of the job since then stays.
            if isNew { changed.status = .ongoing }
            changed.hiredFreelancerID = hiring.freelancerID
        }
        return changed.changed(from: self, at: now)
    }

    /// The same job as its next version, or `nil` when it is as it was.
    func changed(from old: Job, at now: Timestamp) -> Job? {
        // Compared as bytes, because Swift treats two spellings of one character as equal.
        let isSame =
            self == old
            && [title, description, location].elementsEqual(
                [old.title, old.description, old.location], by: { $0.utf8.elementsEqual($1.utf8) })
        guard !isSame else { return nil }
        var next = self
        next.version += 1
        next.updatedAt = now
        return next
    }
}

extension JobStatus {
    /// What ClawConnected's readers of events see.
    var gigStatus: GigStatus { self == .open ? .active : .closed }
}

extension Job {
    func announcement<E: Event>(_ event: E.Type) -> Announcement where E.Content == GigView {
        Announcement(event, of: id, sequence: version, to: [clientID], Encoded<GigView>(self), at: updatedAt)
            .adding(.escrowCheckout)
    }

    private var nextActions: [NextAction] { [] }
}

/// As a `GigView`, which events carry of both flows.
extension Job: JSONWritable {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id"); writer.value(id)
        writer.key("owner_user_id"); writer.value(clientID)
        writer.key("title"); writer.value(title)
        writer.key("description"); writer.value(description)
        writer.key("scope"); writer.null()
        writer.key("rate_cents"); writer.value(rate)
        writer.key("status"); writer.value(status.gigStatus.rawValue)
        writer.key("created_at"); writer.value(createdAt)
        writer.key("updated_at"); writer.value(updatedAt)
        writer.key("next_actions"); nextActions.write(to: &writer)
        writer.endObject()
    }
}

extension Announcement {
    /// A copy that says how the deal is paid, and in which currency its amounts are.
    func adding(_ flow: DealFlow) -> Self {
        adding("flow", .string(flow.rawValue)).adding("currency", .string(flow.currency.rawValue))
    }
}
