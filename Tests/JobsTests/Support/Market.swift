import Postgres
import ServiceKit
import TestSupport

@testable import JobsService
@testable import SharedModels

/// The whole service on a separate database, with one client and one freelancer to begin with.
struct Market: Sendable {
    let database: Database
    let clock: TestClock
    let peers = FakePeers()
    let gigs: GigWorkflow
    let applications: ApplicationWorkflow
    let engagements: EngagementWorkflow
    let jobs: JobWorkflow
    let jobApplications: JobApplicationWorkflow
    let expansion: JobExpansion
    let hirings: HiringWorkflow
    let categories: ListedNameWorkflow<CategoryKind>
    let skills: ListedNameWorkflow<SkillKind>
    let departures: DepartureWorkflow
    let receiver: EventReceiver
    let owner = AccountID.make(at: .start)
    let worker = AccountID.make(at: .start)
    let stranger = AccountID.make(at: .start)

    static func with<Result: Sendable>(_ body: (Market) async throws -> Result) async throws -> Result {
        try await TestKit.use(of: .jobs) { try await body(Market($0)) }
    }

    private init(_ kit: TestKit) {
        (database, clock, receiver) = (kit.database, kit.clock, kit.events)
        let features = Features(
            database: database, clock: clock, outbox: kit.outbox, scheduler: kit.scheduler, peers: peers,
            logger: .quiet)
        gigs = features.gigs
        applications = features.applications
        engagements = features.engagements
        jobs = features.jobs
        jobApplications = features.jobApplications
        expansion = features.expansion
        hirings = features.hirings
        categories = features.categories
        skills = features.skills
        departures = features.departures
        features.news.register(on: receiver)
    }
}

// Callers' requests, without the parts that do not matter.
extension Market {
    @discardableResult
    func post(
        _ status: GigStatus? = .active, title: String = "Compiler work", rateCents: Int64? = nil,
        by owner: AccountID? = nil
    ) async throws -> Gig {
        try await gigs.create(
            GigInput(title: title, rateCents: rateCents, status: status), by: owner ?? self.owner,
            at: clock.now)
    }

    @discardableResult
    func change(_ gig: GigID, _ update: GigUpdate, by caller: AccountID? = nil) async throws -> Gig {
        try await gigs.update(gig, update, by: caller ?? owner, at: clock.now, expecting: anyVersion)
    }

    func delete(_ gig: GigID, by caller: AccountID? = nil) async throws {
        try await gigs.delete(gig, by: caller ?? owner, at: clock.now, expecting: anyVersion)
    }

    @discardableResult
    func apply(
        to gig: GigID, message: String? = "I can do it", by caller: AccountID? = nil
    ) async throws -> Application {
        try await applications.apply(to: gig, message: message, by: caller ?? worker, at: clock.now)
    }

    @discardableResult
    func decide(
        _ decision: ApplicationStatus, on application: ApplicationID, of gig: GigID,
        by caller: AccountID? = nil
    ) async throws -> Application {
        try await applications.decide(
            application, of: gig, decision, by: caller ?? owner, at: clock.now, expecting: anyVersion)
    }

    func withdraw(_ application: ApplicationID, by caller: AccountID? = nil) async throws {
        try await applications.withdraw(
            application, by: caller ?? worker, at: clock.now, expecting: anyVersion)
    }

    /// An application to a new gig, after the owner's decision.
    @discardableResult
    func application(_ status: ApplicationStatus, to gig: Gig? = nil) async throws -> Application {
        let gig = if let gig { gig } else { try await post() }
        let application = try await apply(to: gig.id)
        return status == .applied ? application : try await decide(status, on: application.id, of: gig.id)
    }

    /// The worker's own applications.
    func mine() async throws -> [OwnedApplication] { try await own().items }

    /// A page of an account's own applications; by default the worker's.
    func own(
        of account: AccountID? = nil, in status: ApplicationStatus? = nil, to gig: GigID? = nil,
        after cursor: PageCursor? = nil, limit: Int = 100
    ) async throws -> Page<OwnedApplication> {
        try await applications.page(
            of: account ?? worker, in: status, to: gig, after: cursor, limit: limit, at: clock.now)
    }

}

/// An event in the outbox, on its way to one destination.
struct Announcement: Sendable, Equatable {
    let name: String
    let aggregate: EventAggregate
    let sequence: Int64
    let recipients: [AccountID]
    let destination: String
    let data: JSONValue
}

// What is in the database.
extension Market {
    /// The announcements to one destination, or to all, in the order of writing.
    func announced(to destination: ServiceName? = .notifications) async throws -> [Announcement] {
        try await database.all(
            """
            SELECT name, aggregate, sequence, recipients, destination, data::text AS data
              FROM outbox WHERE destination = \(destination?.rawValue) OR \(destination == nil) ORDER BY position
            """
        ) { row in
            Announcement(
                name: try row.decode("name"), aggregate: try row.decode("aggregate"),
                sequence: try row.decode("sequence"), recipients: try row.decode("recipients"),
                destination: try row.decode("destination"),
                data: try JSONValue.parse(Array(try row.decode("data", as: String.self).utf8)))
        }
    }

    func names() async throws -> [String] { try await announced().map(\.name) }

    func forgetAnnouncements() async throws { try await database.execute("DELETE FROM outbox") }

    /// Every application, to any gig.
    func allApplications() async throws -> [ApplicationID] {
        try await database.all("SELECT id FROM applications ORDER BY id") { try $0.decode("id") }
    }

    /// Makes the writing of every event fail, and with it the change that it announces.
    func breakOutbox() async throws {
        try await database.execute(
            """
            CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'broken'; END $$
            """)
        try await database.execute(
            "CREATE TRIGGER broken BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION broken()")
    }
}
