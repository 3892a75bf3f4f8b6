import Logging
import Postgres
import ServiceKit
import SharedModels

/// Puts together the workflows of this service.
struct Features: Sendable {
    let negotiations: NegotiationWorkflow
    let idling: IdleWorkflow
    let contracts: ContractWorkflow
    let activation: ActivationWorkflow
    let revisions: RevisionWorkflow
    let milestones: MilestoneWorkflow
    let funding: FundingWorkflow
    let releases: ReleaseWorkflow
    let deadlines: DeadlineWorkflow
    let withdrawals: WithdrawalWorkflow
    let ends: EndWorkflow
    let disputes: DisputeWorkflow
    let recommendations: RecommendationWorkflow
    let resolutions: ResolutionWorkflow
    let reviews: ReviewWorkflow
    let hires: HireWorkflow
    let settlements: SettlementWorkflow
    let contractImport: ContractImportWorkflow
    let departures: DepartureWorkflow
    let news: ContractsNews

    init(_ kit: Kit, _ settings: ContractsSettings) {
        self.init(
            settings, database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler,
            peers: LiveDealPeers(peers: kit.peers), hirePeers: LiveHirePeers(peers: kit.peers),
            advisor: settings.languageModel.map { LanguageModel(settings: $0, http: kit.http) } ?? Rubric(),
            logger: kit.logger)
    }

    init(
        _ settings: ContractsSettings, database: Database, clock: any DomainClock, outbox: Outbox, scheduler: Scheduler,
        peers: any DealPeers, hirePeers: any HirePeers, advisor: any DisputeAdvisor, logger: Logger
    ) {
        let book = DealBook(clock: clock, outbox: outbox, scheduler: scheduler)
        let hireBook = HireBook(clock: clock, outbox: outbox, deals: book)
        let observer = HireObserver(peers: hirePeers, logger: logger)
        let holds = HoldRelease(database: database, scheduler: scheduler, book: book, peers: peers)
        negotiations = NegotiationWorkflow(
            database: database, clock: clock, scheduler: scheduler, book: book, peers: peers, prices: settings.prices)
        idling = IdleWorkflow(database: database, clock: clock, book: book)
        contracts = ContractWorkflow(database: database, clock: clock, scheduler: scheduler, book: book, peers: peers)
        activation = ActivationWorkflow(database: database, clock: clock, book: book, holds: holds)
        revisions = RevisionWorkflow(
            database: database, clock: clock, scheduler: scheduler, book: book, holds: holds)
        funding = FundingWorkflow(
            database: database, clock: clock, scheduler: scheduler, book: book, peers: peers, logger: logger)
        milestones = MilestoneWorkflow(
            database: database, clock: clock, scheduler: scheduler, book: book, peers: peers, funding: funding,
            prices: settings.prices)
        releases = ReleaseWorkflow(
            database: database, clock: clock, scheduler: scheduler, book: book, peers: peers,
            logger: logger)
        deadlines = DeadlineWorkflow(
            database: database, clock: clock, scheduler: scheduler, book: book, releases: releases, logger: logger)
        withdrawals = WithdrawalWorkflow(
            database: database, clock: clock, scheduler: scheduler, book: book, holds: holds)
        ends = EndWorkflow(
            database: database, clock: clock, scheduler: scheduler, book: book, holds: holds, logger: logger)
        disputes = DisputeWorkflow(
            database: database, clock: clock, outbox: outbox, scheduler: scheduler, book: book)
        recommendations = RecommendationWorkflow(
            database: database, clock: clock, book: book, peers: peers, logger: logger, advisor: advisor)
        resolutions = ResolutionWorkflow(
            database: database, clock: clock, outbox: outbox, scheduler: scheduler, book: book, peers: peers,
            logger: logger, arbitrationFee: settings.arbitrationFee)
        hires = HireWorkflow(
            database: database, clock: clock, book: hireBook, peers: hirePeers, observer: observer)
        settlements = SettlementWorkflow(database: database, clock: clock, book: hireBook, peers: hirePeers)
        contractImport = ContractImportWorkflow(database: database)
        reviews = ReviewWorkflow(
            database: database, clock: clock, scheduler: scheduler, book: book, peers: peers, hires: hireBook,
            observer: observer)
        departures = DepartureWorkflow(
            database: database, clock: clock, scheduler: scheduler, book: book, hireBook: hireBook, logger: logger)
        news = ContractsNews(activation: activation, funding: funding, departures: departures)
    }
}
