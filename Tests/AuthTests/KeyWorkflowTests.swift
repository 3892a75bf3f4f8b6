import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promises under test: a key lives for 90 days, is replaced once, and ends when it is revoked.
@Suite struct KeyWorkflowTests {
    private let clock = TestClock()

    private func use(_ body: (KeyWorkflow, CredentialWorkflow, AccountID) async throws -> Void) async throws {
        try await AuthWorld.use(clock) { try await body($0.keys, $0.judge, $0.account) }
    }

    private func resolve(_ key: String, by judge: CredentialWorkflow) async throws -> CredentialResolution {
        try await judge.resolve(CredentialInput(source: .token, secret: key, unspent: 0))
    }

    @Test func `a key stands for its account for 90 days`() async throws {
        try await use { keys, judge, account in
            let made = try await keys.create(APIKeyInput(name: "laptop"), for: account)
            #expect(made.text.hasPrefix("cc_live_") && made.key.expiresAt == clock.now + .days(90))
            clock.advance(by: .days(90) - .seconds(1))
            let found = try await resolve(made.text, by: judge)
            #expect(found.principal?.accountID == account && found.principal?.apiKeyID == made.id)
            #expect(found.principal?.credential == .apiKey && found.grant?.requests == 1)
            clock.advance(by: .seconds(1))
            #expect(try await resolve(made.text, by: judge).refusal == "The API key has expired.")
        }
    }

    @Test func `bad prefixes and other people's agents are refused`() async throws {
        try await use { keys, _, account in
            await #expect(throws: KeyError.badPrefix) {
                try await keys.create(APIKeyInput(prefix: "Not-A-Prefix"), for: account)
            }
            let agent = HostedAgentID.make(at: clock.now)
            await #expect(throws: HostedAgentError.notFound(agent)) {
                try await keys.create(APIKeyInput(hostedAgentID: agent), for: account)
            }
        }
    }

    /// The account's owner, with a credential of these scopes; `nil` for everything.
    private func maker(_ account: AccountID, _ scopes: [Scope]?) -> Principal {
        Principal(
            accountID: account, userType: .client, isAdmin: false, plan: .free, credential: .apiKey, scopes: scopes)
    }

    @Test func `a key with scopes lives until it is revoked, and may do what it was made for`() async throws {
        try await use { keys, judge, account in
            let made = try await keys.create(
                ScopedKeyInput(name: "dashboard", scopes: [.gigsRead, .matchesRead, .gigsRead]),
                by: maker(account, nil))
            #expect(made.text.hasPrefix("sk_live_") && made.key.expiresAt == nil)
            clock.advance(by: .days(4000))
            let found = try #require(try await resolve(made.text, by: judge).principal)
            #expect(found.scopes == [.matchesRead, .gigsRead] && found.expiresAt == nil)
            let next = try await keys.rotate(made.id, of: account, overlap: .zero)
            #expect(next.key.scopes == found.scopes && next.key.expiresAt == nil && next.text.hasPrefix("sk_live_"))
            try await keys.revoke(next.id, of: account)
            #expect(try await resolve(next.text, by: judge).refusal == "The API key was revoked.")
        }
    }

    @Test func `a key with its own end ends then, and its successor lives as long`() async throws {
        try await use { keys, judge, account in
            let made = try await keys.create(
                ScopedKeyInput(name: "trial", scopes: [.gigsRead], expiresAt: clock.now + .days(2)),
                by: maker(account, nil))
            clock.advance(by: .days(1))
            let next = try await keys.rotate(made.id, of: account, overlap: .zero)
            #expect(next.key.expiresAt == clock.now + .days(2))
            clock.advance(by: .days(2))
            #expect(try await resolve(next.text, by: judge).refusal == "The API key has expired.")
        }
    }

    @Test func `no key is made with an end in the past, or with more than its maker may do`() async throws {
        try await use { keys, _, account in
            await #expect(throws: KeyError.endsInThePast) {
                try await keys.create(
                    ScopedKeyInput(name: "late", scopes: [.gigsRead], expiresAt: clock.now), by: maker(account, nil))
            }
            await #expect(throws: KeyError.wider([.gigsWrite, .dealsWrite])) {
                try await keys.create(
                    ScopedKeyInput(name: "wide", scopes: [.keysWrite, .gigsWrite, .dealsWrite]),
                    by: maker(account, [.keysWrite, .gigsRead]))
            }
            let made = try await keys.page(of: account, after: nil, limit: 10)
            #expect(made.items.isEmpty)
        }
    }

    @Test func `a key makes none that outlives it, and a session any`() async throws {
        try await use { keys, judge, account in
            let end = clock.now + .days(2)
            let first = try await keys.create(
                ScopedKeyInput(name: "trial", scopes: [.keysWrite, .gigsRead], expiresAt: end), by: maker(account, nil))
            let holder = try #require(try await resolve(first.text, by: judge).principal)
            func make(_ end: Timestamp?, by maker: Principal) async throws -> Timestamp? {
                let input = ScopedKeyInput(name: "child", scopes: [.gigsRead], expiresAt: end)
                return try await keys.create(input, by: maker).key.expiresAt
            }
            #expect(try await make(nil, by: holder) == end)
            #expect(try await make(end, by: holder) == end)
            #expect(try await make(end - .days(1), by: holder) == end - .days(1))
            await #expect(throws: KeyError.outlives(end)) { try await make(end + .seconds(1), by: holder) }
            #expect(try await make(nil, by: maker(account, nil)) == nil)
        }
    }

    @Test func `rotating ends the old key at once`() async throws {
        try await use { keys, judge, account in
            let old = try await keys.create(APIKeyInput(prefix: "mine_", name: "laptop"), for: account)
            clock.advance(by: .days(1))
            let new = try await keys.rotate(old.id, of: account, overlap: .zero)
            #expect(new.key.name == "laptop" && new.key.prefix == "mine_" && new.key.expiresAt == clock.now + .days(90))
            #expect(try await resolve(old.text, by: judge).refusal == "The API key was revoked.")
            #expect(try await resolve(new.text, by: judge).principal?.apiKeyID == new.id)
            await #expect(throws: KeyError.hasEnded) {
                try await keys.rotate(old.id, of: account, overlap: .zero)
            }
        }
    }

    @Test func `an overlap keeps the old key alive that long, and it is rotated once`() async throws {
        try await use { keys, judge, account in
            let old = try await keys.create(APIKeyInput(), for: account)
            _ = try await keys.rotate(old.id, of: account, overlap: .seconds(60))
            #expect(try await resolve(old.text, by: judge).principal?.expiresAt == clock.now + .seconds(60))
            await #expect(throws: KeyError.alreadyRotated) {
                try await keys.rotate(old.id, of: account, overlap: .zero)
            }
            clock.advance(by: .seconds(60))
            #expect(try await resolve(old.text, by: judge).principal == nil)
        }
    }

    @Test func `an account has at most 100 keys that can be used, however many are asked for at once`() async throws {
        try await use { keys, _, account in
            let made = try await withThrowingTaskGroup(of: APIKeyID?.self) { group in
                for _ in 0..<105 {
                    group.addTask {
                        do {
                            return try await keys.create(APIKeyInput(), for: account).id
                        } catch KeyError.tooMany {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: [APIKeyID]()) { made, id in if let id { made.append(id) } }
            }
            #expect(made.count == 100)
            await #expect(throws: KeyError.tooMany) { try await keys.create(APIKeyInput(), for: account) }
            try await keys.revoke(made[0], of: account)
            _ = try await keys.create(APIKeyInput(), for: account)
            await #expect(throws: KeyError.tooMany) { try await keys.create(APIKeyInput(), for: account) }
            clock.advance(by: .days(90))
            _ = try await keys.create(APIKeyInput(), for: account)
        }
    }

    @Test func `at the limit a key is replaced at once, but does not live on beside its successor`() async throws {
        try await use { keys, _, account in
            for _ in 0..<99 { _ = try await keys.create(APIKeyInput(), for: account) }
            let first = try await keys.create(APIKeyInput(), for: account)
            await #expect(throws: KeyError.tooMany) {
                try await keys.rotate(first.id, of: account, overlap: .seconds(60))
            }
            let second = try await keys.rotate(first.id, of: account, overlap: .zero)
            _ = try await keys.rotate(second.id, of: account, overlap: .zero)
        }
    }

    @Test func `a revoked key is refused, again and again, and only its owner revokes it`() async throws {
        try await use { keys, judge, account in
            let made = try await keys.create(APIKeyInput(), for: account)
            let stranger = AccountID.make(at: clock.now)
            await #expect(throws: KeyError.notFound(made.id)) {
                try await keys.revoke(made.id, of: stranger)
            }
            for _ in 0..<2 { try await keys.revoke(made.id, of: account) }
            #expect(try await resolve(made.text, by: judge).refusal == "The API key was revoked.")
        }
    }

    @Test func `keys are listed newest first, page by page`() async throws {
        try await use { keys, _, account in
            var made: [APIKeyID] = []
            for _ in 0..<5 { made.insert(try await keys.create(APIKeyInput(), for: account).id, at: 0) }
            var listed: [APIKeyID] = []
            var cursor: PageCursor?
            repeat {
                let page = try await keys.page(of: account, after: cursor, limit: 2)
                listed += page.items.map(\.id)
                cursor = page.nextCursor.flatMap { PageCursor($0) }
            } while cursor != nil
            #expect(Set(listed) == Set(made) && listed.count == 5)
        }
    }

    @Test func `the last use is noted once a minute`() async throws {
        try await use { keys, judge, account in
            let made = try await keys.create(APIKeyInput(), for: account)
            let first = clock.now
            _ = try await resolve(made.text, by: judge)
            clock.advance(by: .seconds(59))
            _ = try await resolve(made.text, by: judge)
            #expect(try await keys.page(of: account, after: nil, limit: 1).items.first?.lastUsedAt == first)
            clock.advance(by: .seconds(1))
            _ = try await resolve(made.text, by: judge)
            let last = try await keys.page(of: account, after: nil, limit: 1).items.first
            #expect(last?.lastUsedAt == clock.now)
        }
    }

    @Test func `unknown keys are refused`() async throws {
        try await use { _, judge, _ in
            let unknown = APIKeyFormat.generate(prefix: "cc_live_")
            let found = try await resolve(unknown, by: judge)
            #expect(found.refusal == "The API key or token is not known.")
        }
    }
}
