import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: a person whom a provider names comes to one account however many tabs they use, and an equal
/// address alone never opens an admin's.
@Suite struct IdentityBookTests {
    private static let grace = ProvenIdentity.google(
        GooglePerson(subject: "1001", email: "grace@example.org", name: "Grace Hopper"))

    /// An account that has proven an address.
    private func person(_ email: String, isAdmin: Bool = false, in world: AuthWorld) async throws -> Account {
        var account = Account.registering(email, as: "Grace Hopper", .client, plan: .free, at: world.clock.now)
        account.isAdmin = isAdmin
        let new = account
        try await world.database.transaction { _ = try await AccountStore().insertIfAbsent(new, in: $0) }
        return new
    }

    /// Whose session it is.
    private func owner(of text: String, in world: AuthWorld) async throws -> AccountID? {
        try await world.judge.resolve(CredentialInput(source: .cookie, secret: text, unspent: 0)).principal?.accountID
    }

    /// Begins `second` before `first` has committed, and lets it commit when `second` waits for it.
    private func race(
        in world: AuthWorld, _ first: @escaping @Sendable (Transaction) async throws -> Void,
        _ second: @escaping @Sendable () async throws -> String
    ) async throws -> String {
        let (isDone, mayCommit) = (WakeUp(), WakeUp())
        let holding = Task {
            try await world.database.transaction { tx in
                do {
                    defer { isDone.signal() }
                    try await first(tx)
                }
                await mayCommit.wait()
            }
        }
        await isDone.wait()
        let waiting = Task { try await second() }
        try await eventually("the second waits for the first") {
            try await world.database.one(
                """
                SELECT count(*) AS count FROM pg_stat_activity
                 WHERE wait_event_type = 'Lock' AND datname = current_database()
                """
            ) { try $0.decode("count", as: Int.self) } > 0
        }
        mayCommit.signal()
        try await holding.value
        return try await waiting.value
    }

    @Test func `a person whose account is being linked in another tab comes to it too`() async throws {
        try await AuthWorld.use { world in
            let account = try await person("grace@example.org", in: world)
            let now = world.clock.now
            let text = try await race(in: world) { tx in
                _ = try await world.sessions.book.enter(as: Self.grace, becoming: .client, at: now, in: tx)
            } _: {
                try await world.sessions.begin(for: Self.grace)
            }
            #expect(try await owner(of: text, in: world) == account.id)
            #expect(try await world.accounts.account(account.id).googleSubject == "1001")
        }
    }

    @Test func `a new person in ten tabs gets one account`() async throws {
        try await AuthWorld.use { world in
            let owners = try await withThrowingTaskGroup(of: AccountID?.self) { group in
                for _ in 0..<10 {
                    group.addTask { try await owner(of: world.sessions.begin(for: Self.grace), in: world) }
                }
                return try await group.reduce(into: Set<AccountID?>()) { $0.insert($1) }
            }
            #expect(owners.count == 1 && !owners.contains(nil))
        }
    }

    @Test func `who is linked to another account at the same moment is told so`() async throws {
        try await AuthWorld.use { world in
            _ = try await person("grace@example.org", in: world)
            let other = try await person("other@example.org", in: world)
            let now = world.clock.now
            await #expect(throws: SignInError.linkedElsewhere(.google)) {
                try await race(in: world) { tx in
                    let account = try await AccountStore().lockActive(other.id, in: tx)
                    _ = try await world.sessions.book.add(Self.grace, to: account, at: now, in: tx)
                } _: {
                    try await world.sessions.begin(for: Self.grace)
                }
            }
        }
    }

    @Test func `an admin's account is not linked by its address alone, but on purpose`() async throws {
        try await AuthWorld.use { world in
            let admin = try await person("grace@example.org", isAdmin: true, in: world)
            await #expect(throws: GoogleError.taken) { try await world.sessions.begin(for: Self.grace) }
            let user = ProvenIdentity.gitHub(try .named("hopper", id: 2, emails: [("grace@example.org", true, true)]))
            let stranger = try await owner(of: world.sessions.begin(for: user), in: world)
            #expect(stranger != admin.id)
            #expect(try await world.accounts.account(admin.id) == admin)
            let session = Session.make(for: admin.id, at: world.clock.now).session
            try await world.database.transaction { try await SessionStore().insert(session, in: $0) }
            try await world.sessions.link(Self.grace, to: LiveSession(id: session.id, accountID: admin.id))
            #expect(try await owner(of: world.sessions.begin(for: Self.grace), in: world) == admin.id)
        }
    }
}
