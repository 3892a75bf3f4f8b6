import Logging
import OutboundHTTP
import Postgres
import ServiceKit

/// Puts together the workflows of this service.
struct Features: Sendable {
    let files: FileWorkflow
    let profiles: ProfileWorkflow
    let people: PeopleWorkflow
    let workProfiles: WorkProfileWorkflow
    let talentProfiles: TalentProfileWorkflow
    let media: MediaWorkflow
    let pictures: PictureWorkflow
    let news: TalentNews
    let resumes: ResumeWorkflow
    let vouches: VouchWorkflow
    let repositories: RepositoryWorkflow
    let matching: Matching
    let analytics: AnalyticsWorkflow
    let profileImport: ProfileImportWorkflow
    let links: ProfileLinks

    /// Reads the near skills from the database.
    init(_ kit: Kit, _ settings: TalentSettings) async throws {
        let storage: any FileStorage =
            switch settings.storage {
            case .folder(let folder): try DiskStorage(folder: folder)
            case .bucket(let bucket): S3Storage(bucket, http: kit.http)
            }
        let near = try await FeatureStore().nearSkills(in: kit.database)
        self.init(
            database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler, http: kit.http,
            peers: LiveTalentPeers(peers: kit.peers), catalogue: LiveTalentPeers(peers: kit.peers),
            matchPeers: LiveMatchPeers(peers: kit.peers),
            scorer: MatchScorer(near: near, weights: settings.matchWeights), storage: storage,
            links: ProfileLinks(
                githubBase: settings.githubBase,
                pictures: PictureLinks(
                    publicURL: kit.settings.publicURL, secret: kit.settings.serviceSecret)),
            githubAPIBase: settings.githubAPIBase,
            tombstoneKey: settings.tombstoneKey ?? kit.settings.serviceSecret,
            embedder: settings.embedding.map { ProviderEmbedder(settings: $0, http: kit.http) }, logger: kit.logger)
    }

    init(
        database: Database, clock: any DomainClock, outbox: Outbox, scheduler: Scheduler, http: OutboundHTTP,
        peers: any TalentPeers, catalogue: any CataloguePeers, matchPeers: any MatchPeers, scorer: MatchScorer,
        storage: any FileStorage, links: ProfileLinks, githubAPIBase: String, tombstoneKey: RotatingSecret,
        embedder: (any TextEmbedder)? = nil, logger: Logger
    ) {
        let (profileStore, vouchStore) = (ProfileStore(), VouchStore())
        let (featureStore, views) = (TalentFeatureStore(), ProfileViewStore())
        let (mediaStore, workshop) = (MediaStore(), ImageWorkshop())
        let (details, clients) = (WorkDetailsStore(), ClientRecordStore())
        let (repositoryStore, tombstones) = (RepositoryStore(), TombstoneStore())
        let finder = ProfileFinder(
            database: database, profiles: profileStore, tombstones: tombstones,
            digests: IdentityDigests(.tombstones, of: tombstoneKey), peers: peers)
        files = FileWorkflow(
            database: database, files: FileStore(), storage: storage, scheduler: scheduler)
        profiles = ProfileWorkflow(
            database: database, profiles: profileStore, vouches: vouchStore, finder: finder, files: files,
            peers: peers, links: links, outbox: outbox)
        people = PeopleWorkflow(
            database: database, clock: clock, profiles: profileStore, finder: finder, logger: logger)
        matching = Matching(
            database: database, clock: clock, outbox: outbox, scheduler: scheduler, finder: finder, links: links,
            peers: matchPeers, scorer: scorer, embedder: embedder, logger: logger)
        analytics = AnalyticsWorkflow(
            database: database, finder: finder, folding: FigureFolding(database: database))
        news = TalentNews(
            profiles: profileStore, finder: finder, clients: clients, matching: matching.features,
            departures: DepartureWorkflow(
                profiles: profileStore, details: details, clients: clients, features: featureStore, views: views,
                media: mediaStore, files: files,
                repositories: repositoryStore, tombstones: tombstones))
        workProfiles = WorkProfileWorkflow(
            database: database, details: details, clients: clients, profiles: profiles, people: people,
            catalogue: catalogue, pictures: links.pictures)
        profileImport = ProfileImportWorkflow(
            database: database, profiles: profileStore, details: details, clients: clients, finder: finder,
            matching: matching.features)
        talentProfiles = TalentProfileWorkflow(
            database: database, clock: clock, features: featureStore, details: details, views: views,
            profiles: profiles,
            people: people)
        media = MediaWorkflow(
            database: database, media: mediaStore, files: files, profiles: profiles, workshop: workshop)
        pictures = PictureWorkflow(profiles: profiles, files: files, workshop: workshop)
        resumes = ResumeWorkflow(database: database, profiles: profileStore, workflow: profiles, files: files)
        vouches = VouchWorkflow(database: database, vouches: vouchStore, finder: finder)
        repositories = RepositoryWorkflow(
            database: database, clock: clock, finder: finder,
            gitHub: GitHubClient(http: http, base: githubAPIBase),
            repositories: repositoryStore, logger: logger)
        self.links = links
    }
}
