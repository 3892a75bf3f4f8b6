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
    let presence: PresenceWorkflow
    let chatFeed: ChatFeed
    let chat: ChatApplication
    let chatImport: ChatImportWorkflow
    let departures: DepartureWorkflow
    let news: MessagesNews

    init(_ kit: Kit) {
        self.init(
            database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler,
            peers: LiveMessagesPeers(peers: kit.peers),
            links: PictureLinks(publicURL: kit.settings.publicURL, secret: kit.settings.serviceSecret),
            logger: kit.logger)
    }

    init(
        database: Database, clock: any DomainClock, outbox: Outbox, scheduler: Scheduler, peers: any MessagesPeers,
        links: PictureLinks, lease: Duration = PresenceWorkflow.lease, logger: Logger
    ) {
        let book = ConversationBook(outbox: outbox)
        bell = StreamBell(.messages, database: database, logger: logger)
        messages = MessageWorkflow(database: database, book: book, peers: peers)
        conversations = ConversationWorkflow(database: database, peers: peers, logger: logger)
        openings = OpeningWorkflow(database: database, book: book)
        live = LiveWorkflow(database: database, bell: bell)
        chatImport = ChatImportWorkflow(database: database)
        departures = DepartureWorkflow(database: database, clock: clock, scheduler: scheduler)
        let (room, notices) = (ChatRoom(), NoticeWorkflow(peers: peers))
        presence = PresenceWorkflow(database: database, clock: clock, peers: peers, lease: lease, logger: logger)
        chatFeed = ChatFeed(database: database, room: room, links: links, clock: clock, logger: logger)
        chat = ChatApplication(
            room: room, presence: presence,
            chat: ChatWorkflow(database: database, book: book, sending: messages, peers: peers, links: links),
            notices: notices, clock: clock, logger: logger)
        news = MessagesNews(departures: departures, notices: notices)
    }
}
