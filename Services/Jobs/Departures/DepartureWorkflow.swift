import Postgres
import ServiceKit
import SharedModels

/// What happens to gigs, jobs and applications when their account is deleted. Its gigs and jobs close, and its open
/// applications are rejected, so that nobody waits for an answer that cannot come; those to jobs are withdrawn. The other side
/// is told.
struct DepartureWorkflow: Sendable {
    /// Longer than a request takes that was let in before the account was deleted.
    static let secondLookAfter = Duration.minutes(1)
    /// Applications rejected in one transaction.
    private static let batch = 100

    let database: Database
    let clock: any DomainClock
    let outbox: Outbox
    let scheduler: Scheduler
    let applications: ApplicationStore
    let jobs: JobStore
    let jobApplications: JobApplicationStore
    let departures = DepartureStore()

    func register(on scheduler: Scheduler) {
        scheduler.on(EndOpenWork.self) { work in try await end(work.account) }
    }

    /// Auth has deleted the account.
    func leave(_ account: AccountID, in tx: Transaction) async throws {
        let now = clock.now
        try await scheduler.schedule(EndOpenWork(of: account), at: now, in: tx)
        try await scheduler.schedule(
            EndOpenWork(of: account, isSecondLook: true), at: now + Self.secondLookAfter, in: tx)
    }

    /// Ends everything of an account that is open. A repeat changes nothing.
    func end(_ account: AccountID) async throws {
        try await departures.closeGigs(of: account, at: clock.now, in: database)
        try await departures.closeJobs(of: account, at: clock.now, in: database)
        try await departures.removeUnseenGigs(of: account, in: database)
        try await departures.eraseMessages(of: account, in: database)
        var found = 0
        repeat {
            let waiting = try await departures.waiting(account, limit: Self.batch, in: database)
            found = waiting.count
            try await database.transaction { tx in
                for application in waiting { try await end(application, leaving: account, in: tx) }
            }
        } while found == Self.batch
    }

    private func end(
        _ waiting: DepartureStore.Waiting, leaving account: AccountID, in tx: Transaction
    ) async throws {
        switch waiting.flow {
        case .milestoneCapture: try await reject(waiting, leaving: account, in: tx)
        case .escrowCheckout: try await endJobApplication(waiting, leaving: account, in: tx)
        }
    }

    /// A freelancer's application goes with the freelancer; one to a job whose client leaves is rejected.
    private func endJobApplication(
        _ waiting: DepartureStore.Waiting, leaving account: AccountID, in tx: Transaction
    ) async throws {
        guard let job = try await jobs.lock(waiting.gigID, in: tx),
            let application = try await jobApplications.lock(waiting.id, in: tx), application.status == .pending
        else { return }
        if application.freelancerID == account {
            try await jobApplications.delete(application.id, in: tx)
            try await jobs.count(-1, applicantsTo: job.id, in: tx)
            let withdrawn = application.withdrawing(at: clock.now)
            try await outbox.append(withdrawn.change(of: job.title, to: [job.clientID]), in: tx)
        } else if let rejected = application.settling(.rejected, at: clock.now) {
            try await jobApplications.save(rejected, in: tx)
            try await outbox.append(rejected.change(of: job.title, to: [application.freelancerID]), in: tx)
        }
    }

    private func reject(
        _ waiting: DepartureStore.Waiting, leaving account: AccountID, in tx: Transaction
    ) async throws {
        guard
            let application = try await applications.lock(waiting.id, of: waiting.gigID, in: tx),
            let rejected = application.deciding(.rejected, at: clock.now)
        else { return }
        try await applications.save(rejected, in: tx)
        let other = [waiting.ownerID, application.workerID].filter { $0 != account }
        try await outbox.append(rejected.change(of: waiting.gigTitle, to: other), in: tx)
    }
}

/// Ends the open work of a deleted account: at once, and again a little later.
struct EndOpenWork: ScheduledWork {
    static let kind = "account.left"

    let account: AccountID
    let key: String
    var payload: JSONValue { ["user_id": .string("\(account)")] }

    init(of account: AccountID, isSecondLook: Bool = false) {
        self.account = account
        key = isSecondLook ? "\(account) again" : "\(account)"
    }

    init(key: String, payload: JSONValue) throws {
        self.key = key
        account = try UnreadableWork.read(payload["user_id"]?.string, "user_id")
    }
}
