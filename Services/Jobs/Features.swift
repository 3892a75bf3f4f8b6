import Logging
import Postgres
import ServiceKit
import SharedModels

/// The workflows of this service, put together.
struct Features: Sendable {
    let gigs: GigWorkflow
    let search: GigSearchWorkflow
    let wordRenewal: GigWordRenewal
    let applications: ApplicationWorkflow
    let engagements: EngagementWorkflow
    let jobs: JobWorkflow
    let jobApplications: JobApplicationWorkflow
    let expansion: JobExpansion
    let hirings: HiringWorkflow
    let categories: ListedNameWorkflow<CategoryKind>
    let skills: ListedNameWorkflow<SkillKind>
    let jobImport: JobImportWorkflow
    let departures: DepartureWorkflow
    let news: JobsNews

    init(_ kit: Kit) {
        self.init(
            database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler,
            peers: LiveJobsPeers(peers: kit.peers), logger: kit.logger)
    }

    init(
        database: Database, clock: any DomainClock, outbox: Outbox, scheduler: Scheduler, peers: any JobsPeers,
        logger: Logger
    ) {
        let (gigStore, applicationStore, engagementStore) = (GigStore(), ApplicationStore(), EngagementStore())
        let (jobStore, jobApplicationStore, hiringStore) = (JobStore(), JobApplicationStore(), HiringStore())
        let refresh = EngagementRefresh(
            database: database, engagements: engagementStore, peers: peers, logger: logger)
        gigs = GigWorkflow(
            database: database, outbox: outbox, gigs: gigStore, applications: applicationStore,
            engagements: engagementStore, refresh: refresh)
        search = GigSearchWorkflow(database: database, gigs: GigSearchStore())
        wordRenewal = GigWordRenewal(database: database, clock: clock)
        applications = ApplicationWorkflow(
            database: database, outbox: outbox, gigs: gigStore, applications: applicationStore,
            engagements: engagementStore, refresh: refresh, peers: peers)
        engagements = EngagementWorkflow(
            database: database, gigs: gigStore, applications: applicationStore, engagements: engagementStore,
            refresh: refresh)
        jobs = JobWorkflow(database: database, outbox: outbox, jobs: jobStore, hirings: hiringStore)
        jobApplications = JobApplicationWorkflow(
            database: database, outbox: outbox, jobs: jobStore, applications: jobApplicationStore, hirings: hiringStore)
        expansion = JobExpansion(database: database, peers: peers, logger: logger)
        categories = ListedNameWorkflow(database: database)
        skills = ListedNameWorkflow(database: database)
        hirings = HiringWorkflow(
            database: database, clock: clock, outbox: outbox, scheduler: scheduler, jobs: jobStore,
            applications: jobApplicationStore, hirings: hiringStore)
        jobImport = JobImportWorkflow(
            database: database, jobs: jobStore, applications: jobApplicationStore, hiring: hirings)
        departures = DepartureWorkflow(
            database: database, clock: clock, outbox: outbox, scheduler: scheduler, applications: applicationStore,
            jobs: jobStore, jobApplications: jobApplicationStore)
        news = JobsNews(engagements: engagements, hirings: hirings, departures: departures)
    }
}
