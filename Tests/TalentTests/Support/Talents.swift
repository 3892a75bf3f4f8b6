import Foundation
import Logging
import OutboundHTTP
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

extension ProfileLinks {
    static let sample = ProfileLinks(
        githubBase: "https://github.example", publicURL: "https://guildhall.example")
}

/// The whole service on a separate database, with one account that it has not seen yet.
struct Talents: Sendable {
    let database: Database
    let clock: TestClock
    let peers: FakePeers
    let storage: FaultyStorage
    let scheduler: Scheduler
    let features: Features
    let receiver: EventReceiver
    let account = AccountID.make(at: .start)

    var workflow: ProfileWorkflow { features.profiles }

    /// - Parameter gitHub: The address of GitHub's API. By default nobody answers there.
    static func with<Result: Sendable>(
        gitHub: String = "http://127.0.0.1:1", _ body: (Talents) async throws -> Result
    ) async throws -> Result {
        try await withFolder { folder in
            let storage = FaultyStorage(try DiskStorage(folder: folder.path))
            return try await TestDatabase.use(of: .talent) { database in
                let http = OutboundHTTP(logger: .quiet, drainLimit: .milliseconds(10))
                let result: Swift.Result<Result, any Error>
                do {
                    result = .success(try await body(Talents(on: database, storage, http, gitHub: gitHub)))
                } catch {
                    result = .failure(error)
                }
                await http.shutdown()
                return try result.get()
            }
        }
    }

    private init(on database: Database, _ storage: FaultyStorage, _ http: OutboundHTTP, gitHub: String) {
        let (clock, peers) = (TestClock(), FakePeers())
        (self.database, self.clock, self.peers, self.storage) = (database, clock, peers, storage)
        var limits = Scheduler.Limits()
        limits.poll = .milliseconds(20)
        scheduler = Scheduler(database: database, clock: clock, limits: limits, logger: .quiet)
        features = Features(
            database: database, scheduler: scheduler, http: http, peers: peers, storage: storage, links: .sample,
            githubAPIBase: gitHub, tombstoneKey: Secret("a key for tests, of 32 characters"), logger: .quiet)
        features.files.keepRemoving()
        receiver = EventReceiver(database: database, clock: clock, logger: .quiet)
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
        try await workflow.own(caller(account), at: clock.now).view
    }

    func published(_ account: AccountID? = nil) async throws -> PublicProfile {
        try await workflow.published(account ?? self.account, at: clock.now)
    }

    @discardableResult
    func update(
        _ update: ProfileUpdate, by caller: Principal? = nil, expecting check: VersionCheck? = nil
    ) async throws -> (view: OwnProfile, version: Int64) {
        try await workflow.update(update, by: caller ?? self.caller(), at: clock.now, expecting: check)
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
        let event = EventEnvelope(
            id: id, name: name, aggregate: aggregate, sequence: sequence, recipients: [], data: data, at: clock.now,
            requestID: nil)
        try await receiver.take([event.json])
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
        let running = Task { [scheduler] in try await scheduler.run() }
        defer { running.cancel() }
        try await body()
    }

    @discardableResult
    func upload(
        _ bytes: [UInt8] = Samples.pdf, by account: AccountID? = nil,
        expecting check: @escaping VersionCheck = anyVersion
    ) async throws -> (url: String, view: OwnProfile, version: Int64) {
        let type = try #require(FileType(sniffing: bytes))
        return try await features.resumes.replace(
            with: FileInput(type: type, bytes: bytes), by: caller(account), at: clock.now, expecting: check)
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
