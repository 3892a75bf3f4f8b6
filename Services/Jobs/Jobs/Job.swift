import SharedModels

/// A piece of work that a client offers on Skillhouse: a gig of the flow `escrow_checkout`.
struct Job: Sendable, Equatable {
    let id: GigID
    let clientID: AccountID
    var title: String
    var description: String
    /// What the client pays for all of it, in rupees.
    var rate: Money
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

    /// The job when its latest contract has reached another stage, or `nil` when that changes nothing.
    func following(_ hiring: Hiring, at now: Timestamp) -> Job? {
        var changed = self
        changed.status =
            switch hiring.stage {
            case .open: .ongoing
            case .released: .closed
            case .canceled: .open
            }
        changed.hiredFreelancerID = hiring.stage == .canceled ? nil : hiring.freelancerID
        return changed.changed(from: self, at: now)
    }

    /// The job after its client's change, or `nil` when nothing changes. Once somebody has applied, only title,
    /// description and status are taken over: the others are what people applied for.
    ///
    /// - Throws: 400 when the dates contradict each other or lie in the past.
    func applying(_ update: JobUpdate, at now: Timestamp) throws(JobError) -> Job? {
        var changed = self
        if let title = update.title { changed.title = title }
        if let description = update.description { changed.description = description }
        if let status = update.status {
            changed.status = status
            // A contract that is over has no part in the job once it is open again.
            if status == .open { changed.hiredFreelancerID = nil }
        }
        if applicants == 0 {
            if let rate = update.rate { changed.rate = rate.money }
            if let level = update.experienceLevel { changed.experienceLevel = level }
            if let location = update.location { changed.location = location }
            if let category = update.category { changed.categoryID = category.id }
            if let skills = update.skills { changed.skillIDs = skills.map(\.id).withoutRepeats }
            changed.startAt = try Self.date("startDate", update.startDate.applied(to: startAt.map { DayOrTime($0) }))
            changed.endAt = try Self.date("endDate", update.endDate.applied(to: endAt.map { DayOrTime($0) }))
            try changed.checkDates(before: self, at: now)
        }
        return changed.changed(from: self, at: now)
    }

    /// - Throws: 400 for a text that is neither a day nor a time, nor empty.
    static func date(_ member: String, _ written: DayOrTime?) throws(JobError) -> Timestamp? {
        guard let written, !written.text.isEmpty else { return nil }
        guard let moment = written.moment else { throw .unreadableDate(member: member) }
        return moment
    }

    /// - Parameter old: What the job was; a date that stays may lie in the past.
    /// - Throws: 400 for an end before the start, and for a start on a day that is over.
    func checkDates(before old: Job? = nil, at now: Timestamp) throws(JobError) {
        if let startAt, startAt != old?.startAt, startAt.day < now.day { throw .startInThePast }
        if let startAt, let endAt, endAt < startAt { throw .endBeforeStart }
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

    private var nextActions: [NextAction] {
        switch status {
        case .open:
            [
                NextAction(
                    "apply", Endpoints.jobApplications.apply.operation, ["jobId": id.objectID], by: [.worker])
            ]
        case .closed where hiredFreelancerID == nil:
            [
                NextAction(
                    "publish", Endpoints.jobs.update.operation, ["id": id.objectID], by: [.client],
                    body: ["status": .string(JobStatus.open.rawValue)])
            ]
        case .ongoing, .closed: []
        }
    }
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
        writer.key("rate_cents"); writer.value(rate.minorUnits)
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

extension Job {
    var document: JobDocument {
        JobDocument(
            id: id, title: title, description: description, rate: Rupees(rate),
            experienceLevel: experienceLevel, location: location, clientID: clientID, category: categoryID,
            skills: skillIDs, hiredFreelancer: hiredFreelancerID, applicants: applicants, status: status,
            startDate: startAt, endDate: endAt, createdAt: createdAt, updatedAt: updatedAt)
    }
}

extension Array where Element: Hashable {
    /// Each element where it occurs first.
    var withoutRepeats: Self {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
