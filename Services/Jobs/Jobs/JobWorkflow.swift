import Postgres
import ServiceKit
import SharedModels

/// Callers' requests about jobs.
struct JobWorkflow: Sendable {
    /// A page this far down takes its turn, as a search does.
    private static let farDown = 1000

    let database: Database
    let outbox: Outbox
    let jobs: JobStore
    let hirings: HiringStore
    let board = JobBoardStore()
    let categories = ListedNameStore<CategoryKind>()
    let skills = ListedNameStore<SkillKind>()
    let turnstile = Turnstile(width: 2, limit: 32)

    /// - Throws: 403 for somebody else's job, 400 when the dates contradict each other or lie in the past, and for a
    ///   category or a skill that is not offered.
    func create(_ input: JobInput, by caller: AccountID, at now: Timestamp) async throws -> Job {
        if let client = input.userID?.id, client != caller { throw JobError.postedForAnother }
        let job = Job(
            id: .make(at: now), clientID: caller, title: input.title, description: input.description,
            rate: input.rate.money, experienceLevel: input.experienceLevel, location: input.location,
            categoryID: input.category.id, skillIDs: input.skills.map(\.id).withoutRepeats,
            startAt: try Job.date("startDate", input.startDate), endAt: try Job.date("endDate", input.endDate),
            createdAt: now, updatedAt: now)
        try job.checkDates(at: now)
        try await database.transaction { tx in
            try await checkNames(of: job, in: tx)
            try await jobs.insert(job, in: tx)
            try await outbox.append(job.announcement(GigCreated.self), in: tx)
        }
        return job
    }

    func get(_ id: GigID) async throws -> Job {
        guard let job = try await jobs.find(id, in: database) else { throw JobError.notFound(id) }
        return job
    }

    /// One page of the jobs that `search` finds.
    ///
    /// - Throws: 429 or 503 when too many searches are under way, 503 when this one takes too long.
    func page(
        _ search: JobSearch, _ page: PageNumber, for owner: Turnstile.Owner? = nil
    ) async throws -> NumberedPage<Job> {
        guard search.words != nil || page.offset > Self.farDown else { return try await found(search, page) }
        return try await turnstile.pass(for: owner) { try await found(search, page) }
    }

    private func found(_ search: JobSearch, _ page: PageNumber) async throws -> NumberedPage<Job> {
        try await database.transaction { tx in
            try await board.prepare(in: tx)
            let way = try await board.way(of: search, in: tx)
            let total = try await board.count(search, by: way, in: tx)
            // What so many have is found along the list sooner than all of it is read and sorted.
            let reading = total < JobBoardStore.longestCount ? way : .list
            let rows = page.offset < total ? try await board.page(search, by: reading, page, in: tx) : []
            return NumberedPage(rows, total: total, page)
        }
    }

    /// Changes the caller's job. If nothing changes, nothing is saved or announced.
    ///
    /// - Throws: 404, 403 for somebody else's job, 409 when it would be opened while it has a contract, and 400 as
    ///   ``create(_:by:at:)``.
    func update(
        _ id: GigID, _ update: JobUpdate, by caller: AccountID, at now: Timestamp, expecting check: VersionCheck
    ) async throws -> Job {
        try await database.transaction { tx in
            guard let job = try await jobs.lock(id, in: tx) else { throw JobError.notFound(id) }
            guard job.clientID == caller else { throw JobError.notTheOwner(caller, of: id) }
            try check(job.version)
            guard let changed = try job.applying(update, at: now) else { return job }
            if changed.status == .open, job.status != .open {
                guard try await !hirings.isBound(id, at: now, in: tx) else { throw JobError.contractUnderWay(id) }
            }
            try await checkNames(of: changed, before: job, in: tx)
            try await jobs.save(changed, in: tx)
            try await outbox.append(changed.announcement(GigUpdated.self), in: tx)
            return changed
        }
    }

    /// - Parameter old: What the job was; what it has already it may keep.
    private func checkNames(of job: Job, before old: Job? = nil, in tx: Transaction) async throws {
        if job.categoryID != old?.categoryID {
            let found = try await categories.find([job.categoryID], in: tx)
            guard found.first?.isListed == true else { throw JobError.unknownNames(member: "category") }
        }
        let added = Set(job.skillIDs).subtracting(old?.skillIDs ?? [])
        let found = try await skills.find(Array(added), in: tx)
        guard found.filter(\.isListed).count == added.count else { throw JobError.unknownNames(member: "skills") }
    }
}
