import Logging
import OutboundHTTP
import Postgres
import ServiceKit

/// The workflows of this service, put together.
struct Features: Sendable {
    let files: FileWorkflow
    let profiles: ProfileWorkflow
    let news: ProfileNews
    let resumes: ResumeWorkflow
    let vouches: VouchWorkflow
    let repositories: RepositoryWorkflow

    /// What the workflows stand on.
    struct Foundation: Sendable {
        let database: Database
        let scheduler: Scheduler
        let http: OutboundHTTP
        let peers: any TalentPeers
        let storage: any FileStorage
        let links: ProfileLinks
        let githubAPIBase: String
        let tombstoneKey: Secret
        let logger: Logger
    }

    init(_ kit: Kit, _ settings: TalentSettings, storage: any FileStorage) {
        self.init(
            Foundation(
                database: kit.database, scheduler: kit.scheduler, http: kit.http,
                peers: LiveTalentPeers(peers: kit.peers), storage: storage,
                links: ProfileLinks(githubBase: settings.githubBase, publicURL: kit.settings.publicURL),
                githubAPIBase: settings.githubAPIBase,
                tombstoneKey: settings.tombstoneKey ?? kit.settings.serviceSecret, logger: kit.logger))
    }

    init(_ base: Foundation) {
        let (database, profileStore, vouchStore) = (base.database, ProfileStore(), VouchStore())
        let (repositoryStore, tombstones) = (RepositoryStore(), TombstoneStore())
        let finder = ProfileFinder(
            database: database, profiles: profileStore, tombstones: tombstones,
            digests: IdentityDigests(.tombstones, of: base.tombstoneKey), peers: base.peers)
        files = FileWorkflow(
            database: database, files: FileStore(), storage: base.storage, scheduler: base.scheduler)
        profiles = ProfileWorkflow(
            database: database, profiles: profileStore, vouches: vouchStore, finder: finder, files: files,
            peers: base.peers, links: base.links)
        news = ProfileNews(
            profiles: profileStore, finder: finder,
            deletion: DeletionWorkflow(
                profiles: profileStore, files: files, repositories: repositoryStore, tombstones: tombstones))
        resumes = ResumeWorkflow(database: database, profiles: profileStore, workflow: profiles, files: files)
        vouches = VouchWorkflow(database: database, vouches: vouchStore, finder: finder)
        repositories = RepositoryWorkflow(
            database: database, finder: finder,
            gitHub: GitHubClient(http: base.http, base: base.githubAPIBase),
            repositories: repositoryStore, links: base.links, logger: base.logger)
    }
}
