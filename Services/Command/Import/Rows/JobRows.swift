import SharedModels

/// What is read of `categories` and `skills`.
struct NameRow<Kind: IdentifierKind>: Sendable {
    let id: Identifier<Kind>
    let name: String
    let isListed: Bool
    let created: Timestamp
    let updated: Timestamp

    var normal: String { SkillName(name).normal }

    init?(_ fields: DumpFields) {
        let id: Identifier<Kind>? = fields.id()
        let name = fields.text("name", 1...CatalogueName.longest)
        if let name, !CatalogueName.isAcceptable(name) { fields.refuse("name", CatalogueName.refusal) }
        let isListed = fields.value("isListed") == nil || fields.flag("isListed")
        guard fields.problems.isEmpty, let id, let name else { return nil }
        (self.id, self.name, self.isListed) = (id, name, isListed)
        (created, updated) = (fields.created, fields.updated)
    }
}

/// What is read of `jobs`. The contracts about a job decide what it is now.
struct JobRow: Sendable {
    var job: ImportedJob

    init?(_ fields: DumpFields, _ world: DumpWorld) {
        let id: GigID? = fields.id()
        let client = world.user("clientId", .client, fields)
        let title = fields.text("title", 1...200)
        let description = fields.text("description", 1...5000)
        let rate = fields.paise("rate", Currency.inr.chargeable)
        let level: ExperienceLevel? = fields.choice("experienceLevel")
        let location = fields.textIfPresent("location", atMost: 200) ?? ""
        let category = fields.reference("category", in: world.categories.ids)
        let skills = fields.ids("skills", in: world.skills.ids, most: 50)
        let status: JobStatus? = fields.choice("status", default: .open)
        guard fields.problems.isEmpty, let id, let client, let title, let description, let rate, let level,
            let category,
            let status
        else { return nil }
        job = ImportedJob(
            id: id, clientID: client, title: title, description: description, rate: rate, experienceLevel: level,
            location: location, categoryID: category, skillIDs: skills, status: status, createdAt: fields.created,
            updatedAt: fields.updated)
        job.startAt = fields.momentIfPresent("startDate")
        job.endAt = fields.momentIfPresent("endDate")
        if let hired: AccountID = fields.idIfPresent("hiredFreelancer"), status != .open {
            job.hiredFreelancerID = world.users.resolved(hired)
        }
    }

    /// - Parameter contracts: Those about the job that are imported, the oldest first.
    mutating func follow(_ contracts: [ImportedContract], _ fields: DumpFields) {
        guard let latest = contracts.last else {
            if job.status == .ongoing { fields.note("status", "is Ongoing, and the job has no contract") }
            if job.hiredFreelancerID != nil {
                fields.note("hiredFreelancer", "is left out: no contract about the job is imported")
            }
            job.hiredFreelancerID = nil
            return
        }
        job.hirings = contracts.map {
            ImportedHiring(
                contractID: $0.id, freelancerID: $0.freelancerID, status: $0.status,
                releaseFundStatus: $0.releaseFundStatus, madeAt: $0.createdAt)
        }
        let written = job.status
        switch (latest.status, latest.releaseFundStatus) {
        case (.canceled, _): job.hiredFreelancerID = nil
        case (_, .approved): (job.status, job.hiredFreelancerID) = (.closed, latest.freelancerID)
        default: (job.status, job.hiredFreelancerID) = (.ongoing, latest.freelancerID)
        }
        if latest.status == .canceled, job.status == .ongoing { job.status = .open }
        if job.status != written {
            fields.note(
                "status", "is \(written.rawValue), and becomes \(job.status.rawValue) as its latest contract says")
        }
    }
}

/// What is read of `applications`.
struct ApplicationRow: Sendable {
    /// A freelancer applies once.
    struct Place: Hashable, Sendable {
        let job: GigID
        let freelancer: AccountID
    }

    let application: ImportedApplication

    init?(_ fields: DumpFields, _ world: DumpWorld, _ taken: Set<Place>) {
        let id: ApplicationID? = fields.id()
        let job = fields.reference("jobId", in: world.jobs)
        let freelancer = world.user("freelancerId", .freelancer, fields)
        if fields.value("isApplied") != nil, !fields.flag("isApplied") {
            fields.refuse("isApplied", "is false: nobody applied")
        }
        if let job, let freelancer, taken.contains(Place(job: job, freelancer: freelancer)) {
            fields.refuse("jobId", "is one that the freelancer has applied to already")
        }
        guard fields.problems.isEmpty, let id, let job, let freelancer else { return nil }
        application = ImportedApplication(
            id: id, jobID: job, freelancerID: freelancer, createdAt: fields.created, updatedAt: fields.updated)
    }
}
