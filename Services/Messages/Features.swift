import Logging
import Postgres
import ServiceKit

/// The workflows of this service, put together.
struct Features: Sendable {
    let bell: StreamBell
    let messages: MessageWorkflow
    let conversations: ConversationWorkflow
    let openings: OpeningWorkflow
    let live: LiveWorkflow
    let departures: DepartureWorkflow
    let news: MessagesNews

    init(_ kit: Kit) {
        self.init(
            database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler,
            peers: LiveMessagesPeers(peers: kit.peers), logger: kit.logger)
    }

    init(
        database: Database, clock: any DomainClock, outbox: Outbox, scheduler: Scheduler, peers: any MessagesPeers,
        logger: Logger
    ) {
        let book = ConversationBook(outbox: outbox)
        bell = StreamBell(.messages, database: database, logger: logger)
        messages = MessageWorkflow(database: database, book: book, peers: peers)
        conversations = ConversationWorkflow(database: database, peers: peers, logger: logger)
        openings = OpeningWorkflow(database: database, book: book)
        live = LiveWorkflow(database: database, bell: bell)
        departures = DepartureWorkflow(database: database, clock: clock, scheduler: scheduler)
        news = MessagesNews(departures: departures)
    }
}
