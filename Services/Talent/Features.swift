import Logging
import OutboundHTTP
import Postgres
import ServiceKit

/// Puts together the workflows of this service.
struct Features: Sendable {
    let files: FileWorkflow
    let profiles: ProfileWorkflow
    let people: PeopleWorkflow
    let news: ProfileNews
    let resumes: ResumeWorkflow
    let vouches: VouchWorkflow
    let repositories: RepositoryWorkflow
    let links: ProfileLinks

    init(_ kit: Kit, _ settings: TalentSettings) throws {
        let storage: any FileStorage =
            switch settings.storage {
            case .folder(let folder): try DiskStorage(folder: folder)
            case .bucket(let bucket): S3Storage(bucket, http: kit.http)
            }
        self.init(
            database: kit.database, scheduler: kit.scheduler, http: kit.http,
            peers: LiveTalentPeers(peers: kit.peers), storage: storage,
            links: ProfileLinks(githubBase: settings.githubBase, publicURL: kit.settings.publicURL),
            githubAPIBase: settings.githubAPIBase,
            tombstoneKey: settings.tombstoneKey ?? kit.settings.serviceSecret, logger: kit.logger)
    }

    init(
        database: Database, scheduler: Scheduler, http: OutboundHTTP, peers: any TalentPeers,
        storage: any FileStorage, links: ProfileLinks, githubAPIBase: String, tombstoneKey: RotatingSecret,
        logger: Logger
    ) {
        let (profileStore, vouchStore) = (ProfileStore(), VouchStore())
        let (repositoryStore, tombstones) = (RepositoryStore(), TombstoneStore())
        let finder = ProfileFinder(
            database: database, profiles: profileStore, tombstones: tombstones,
            digests: IdentityDigests(.tombstones, of: tombstoneKey), peers: peers)
        files = FileWorkflow(
            database: database, files: FileStore(), storage: storage, scheduler: scheduler)
        profiles = ProfileWorkflow(
            database: database, profiles: profileStore, vouches: vouchStore, finder: finder, files: files,
            peers: peers, links: links)
        people = PeopleWorkflow(database: database, profiles: profileStore, finder: finder, logger: logger)
        news = ProfileNews(
            profiles: profileStore, finder: finder,
            deletion: DeletionWorkflow(
                profiles: profileStore, files: files, repositories: repositoryStore, tombstones: tombstones))
        resumes = ResumeWorkflow(database: database, profiles: profileStore, workflow: profiles, files: files)
        vouches = VouchWorkflow(database: database, vouches: vouchStore, finder: finder)
        repositories = RepositoryWorkflow(
            database: database, finder: finder,
            gitHub: GitHubClient(http: http, base: githubAPIBase),
            repositories: repositoryStore, logger: logger)
        self.links = links
    }
}
