import Foundation
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import TalentService

extension AccountFacts {
    static func sample(
        _ id: AccountID = .make(at: .start), name: String = "Ada Lovelace", github: String? = "ada",
        githubID: Int64? = nil, email: String? = nil, type: UserType = .freelancer
    ) -> Self {
        AccountFacts(
            userID: id, userType: type, plan: .pro, displayName: name, email: email, githubID: githubID,
            githubUsername: github, createdAt: .start)
    }
}

extension AccountFacts {
    /// What auth says after a change.
    func changed(
        to type: UserType? = nil, github: String? = nil, email: String? = nil, version: Int64? = nil
    ) -> Self {
        AccountFacts(
            userID: userID, userType: type ?? userType, plan: plan, displayName: displayName,
            email: email ?? self.email, githubID: githubID, githubUsername: github ?? githubUsername,
            version: version ?? self.version + 1, createdAt: createdAt)
    }
}

extension OwnedProfile {
    /// As the owner is answered.
    var shown: (view: OwnProfile, version: Int64) { (view(.sample), profile.version) }
}

extension ProfileLinks {
    static let sample = ProfileLinks(
        githubBase: "https://github.example",
        pictures: PictureLinks(
            publicURL: "https://guildhall.example",
            secret: RotatingSecret(Secret("a secret for tests, of 32 characters"))))
}

/// The whole service on a separate database, with one account that it has not seen yet.
struct Talents: Sendable {
    let database: Database
    let clock: TestClock
    let peers = FakePeers()
    let catalogue = FakeCatalogue()
    let matchPeers = FakeMatchPeers()
    let storage: FaultyStorage
    let scheduler: Scheduler
    let features: Features
    let receiver: EventReceiver
    let account = AccountID.make(at: .start)

    var workflow: ProfileWorkflow { features.profiles }

    /// - Parameter gitHub: The address of GitHub's API. By default nobody answers there.
    static func with<Result: Sendable>(
        gitHub: String = "http://127.0.0.1:1", embedder: (any TextEmbedder)? = nil,
        _ body: (Talents) async throws -> Result
    ) async throws -> Result {
        try await withFolder { folder in
            let storage = FaultyStorage(try DiskStorage(folder: folder.path))
            var limits = Scheduler.Limits()
            limits.poll = .milliseconds(20)
            return try await TestKit.use(of: .talent, limits: limits) { kit in
                let near = try await FeatureStore().nearSkills(in: kit.database)
                return try await body(Talents(kit, storage, near, gitHub: gitHub, embedder))
            }
        }
    }

    private init(
        _ kit: TestKit, _ storage: FaultyStorage, _ near: NearSkills, gitHub: String, _ embedder: (any TextEmbedder)?
    ) {
        var scorer = MatchScorer(near: near)
        if embedder != nil { scorer.weights.text = 20 }
        (database, clock, scheduler, receiver) = (kit.database, kit.clock, kit.scheduler, kit.events)
        self.storage = storage
        features = Features(
            database: database, clock: clock, outbox: kit.outbox, scheduler: scheduler, http: kit.http, peers: peers,
            catalogue: catalogue, matchPeers: matchPeers, scorer: scorer, storage: storage,
            links: .sample,
            githubAPIBase: gitHub, tombstoneKey: RotatingSecret(Secret("a key for tests, of 32 characters")),
            embedder: embedder, logger: .quiet)
        features.files.register(on: scheduler)
        features.news.register(on: receiver)
        let facts = AccountFacts.sample(account)
        peers.change { $0.accounts[facts.userID] = facts }
    }
}

extension Talents {
    /// One more account at auth.
    func newAccount(named name: String = "Grace Hopper", github: String? = nil) -> AccountID {
        newAccount(.sample(name: name, github: github))
    }

    func newAccount(_ facts: AccountFacts) -> AccountID {
        peers.change { $0.accounts[facts.userID] = facts }
        return facts.userID
    }

    /// A call with a key of `account`; by default the account of the world.
    func caller(_ account: AccountID? = nil, as type: UserType = .freelancer) -> Principal {
        Principal(
            accountID: account ?? self.account, userType: type, isAdmin: false, plan: .pro,
            credential: .apiKey)
    }

    func own(_ account: AccountID? = nil) async throws -> OwnProfile {
        try await workflow.own(caller(account), at: clock.now).view(.sample)
    }

    func published(_ account: AccountID? = nil) async throws -> PublicProfile {
        try await workflow.published(account ?? self.account, at: clock.now).view(.sample)
    }

    func published(_ accounts: [AccountID]) async throws -> [PublicProfile] {
        try await workflow.published(accounts, at: clock.now).map { $0.view(.sample) }
    }

    @discardableResult
    func update(
        _ update: ProfileUpdate, by caller: Principal? = nil, expecting check: VersionCheck? = nil
    ) async throws -> (view: OwnProfile, version: Int64) {
        try await workflow.update(update, by: caller ?? self.caller(), at: clock.now, expecting: check).shown
    }

    /// The ghost score of an account that the service has seen.
    func score(of account: AccountID) async throws -> Int {
        try #require(try await ProfileStore().find(account, in: database)).ghostScore
    }

    /// How many profiles there are.
    func profileCount() async throws -> Int64 {
        try await database.one("SELECT count(*) AS profiles FROM profiles") { try $0.decode("profiles") }
    }

    /// Auth sends an event about a new account, or contracts about a contract.
    @discardableResult
    func tell(
        _ name: String, of aggregate: EventAggregate = .make(at: .start), _ data: JSONValue,
        sequence: Int64 = 1, id: EventID = .make(at: .start)
    ) async throws -> EventID {
        try await receiver.take(.told(name, of: aggregate, sequence: sequence, data, id: id, at: clock.now))
        return id
    }

    /// Contracts reports that a contract between the two has reached `status`.
    @discardableResult
    func tell(
        _ status: ContractStatus, between client: AccountID, and worker: AccountID,
        id: EventID = .make(at: .start)
    ) async throws -> EventID {
        try await tell(
            EventName.contractUpdated.rawValue,
            [
                "negotiation_id": .string("\(NegotiationID.make(at: .start))"),
                "status": .string(status.rawValue), "client_user_id": .string("\(client)"),
                "worker_user_id": .string("\(worker)"),
            ],
            id: id)
    }
}

extension Talents {
    /// Runs `body` while scheduled work is done when its time comes.
    func scheduled(_ body: () async throws -> Void) async throws {
        try await scheduler.run(while: body)
    }

    @discardableResult
    func upload(
        _ bytes: [UInt8] = Samples.pdf, by account: AccountID? = nil,
        expecting check: @escaping VersionCheck = anyVersion
    ) async throws -> (url: String, view: OwnProfile, version: Int64) {
        let type = try #require(FileType(sniffing: bytes))
        let (id, owned) = try await features.resumes.replace(
            with: FileInput(type: type, bytes: bytes), by: caller(account), at: clock.now, expecting: check)
        return (features.links.resume(id, of: owned.profile.userID), owned.shown.view, owned.shown.version)
    }

    /// The file that `resume_url` leads to.
    func read(_ url: String) async throws -> (type: FileType, bytes: [UInt8]) {
        let parts = url.split(separator: "/").suffix(3).map(String.init)
        return try await features.resumes.file(
            try #require(FileID(parts[2])), of: try #require(AccountID(parts[0])))
    }

    /// The states of all recorded files.
    func fileStates() async throws -> [String] {
        try await database.all("SELECT state FROM files ORDER BY state") { try $0.decode("state") }
    }
}

/// The smallest valid files of each type.
enum Samples {
    static let pdf = Array("%PDF-1.7\n%\u{e2}\u{e3}\n1 0 obj<<>>endobj\n%%EOF\n".utf8)
    static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
}

/// Runs `body` with a new folder, which is deleted afterwards.
func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "guildhall-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}
