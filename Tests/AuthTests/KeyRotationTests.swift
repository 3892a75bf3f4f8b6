import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: a key is replaced by its owner's session, or by a key that may do all that it may, and nobody
/// comes to hold a wider key so.
@Suite struct KeyRotationTests {
    private let clock = TestClock()

    private func use(_ body: (AuthWorld, KeyWorkflow, AccountID) async throws -> Void) async throws {
        try await AuthWorld.use(clock) { try await body($0, $0.keys, $0.account) }
    }

    /// The account's owner with a session, or a key of these scopes.
    private func maker(
        _ account: AccountID, _ credential: CredentialKind = .apiKey, _ scopes: [Scope]? = nil,
        agent: HostedAgentID? = nil
    ) -> Principal {
        Principal(
            accountID: account, userType: .client, isAdmin: false, plan: .free, credential: credential,
            hostedAgentID: agent, scopes: scopes)
    }

    @Test func `a session replaces a key, which ends at once, or after an overlap`() async throws {
        try await use { world, keys, account in
            let old = try await keys.create(APIKeyInput(prefix: "mine_", name: "laptop"), for: account)
            clock.advance(by: .days(1))
            let new = try await keys.rotate(old.id, by: maker(account, .session), overlap: .zero)
            #expect(new.key.name == "laptop" && new.key.prefix == "mine_" && new.key.expiresAt == clock.now + .days(90))
            #expect(try await world.refusal(of: old.text) == "The API key was revoked.")
            let next = try await keys.rotate(new.id, by: maker(account, .session), overlap: .seconds(60))
            #expect(try await world.refusal(of: new.text) == nil)
            #expect(try await world.refusal(of: next.text) == nil)
            clock.advance(by: .seconds(60))
            #expect(try await world.refusal(of: new.text) == "The API key has expired.")
        }
    }

    @Test func `what is over, replaced already, or another account's is not replaced`() async throws {
        try await use { world, keys, account in
            let owner = maker(account, .session)
            let stranger = Account.signingUp(try .named("bob", id: 2), plan: .free, at: clock.now)
            try await world.database.transaction { _ = try await AccountStore().insertIfAbsent(stranger, in: $0) }
            let old = try await keys.create(APIKeyInput(), for: account)
            await #expect(throws: KeyError.notFound(old.id)) {
                try await keys.rotate(old.id, by: maker(stranger.id, .session), overlap: .zero)
            }
            _ = try await keys.rotate(old.id, by: owner, overlap: .seconds(60))
            await #expect(throws: KeyError.alreadyRotated) {
                try await keys.rotate(old.id, by: owner, overlap: .zero)
            }
            clock.advance(by: .seconds(60))
            await #expect(throws: KeyError.isOver) { try await keys.rotate(old.id, by: owner, overlap: .zero) }
            let revoked = try await keys.create(APIKeyInput(), for: account)
            try await keys.revoke(revoked.id, of: account)
            await #expect(throws: KeyError.isOver) { try await keys.rotate(revoked.id, by: owner, overlap: .zero) }
            #expect(KeyError.isOver.code == .conflict && KeyError.notFound(old.id).code == .notFound)
        }
    }

    @Test func `a key replaces those that may do no more than it may, and leaves the others as they are`() async throws
    {
        try await use { world, keys, account in
            let narrow = maker(account, .apiKey, [.keysWrite, .gigsRead])
            let reader = try await keys.create(ScopedKeyInput(name: "reader", scopes: [.gigsRead]), by: maker(account))
            let writer = try await keys.create(
                ScopedKeyInput(name: "writer", scopes: [.gigsRead, .gigsWrite]), by: maker(account))
            let whole = try await keys.create(APIKeyInput(), for: account)
            let new = try await keys.rotate(reader.id, by: narrow, overlap: .zero)
            #expect(new.key.scopes == [.gigsRead] && new.key.name == "reader")
            await #expect(throws: KeyError.mayDoMore([.gigsWrite])) {
                try await keys.rotate(writer.id, by: narrow, overlap: .zero)
            }
            await #expect(throws: KeyError.mayDoMore([])) {
                try await keys.rotate(whole.id, by: maker(account, .apiKey, Scope.allCases), overlap: .zero)
            }
            #expect(KeyError.mayDoMore([]).code == .forbidden)
            for text in [writer.text, whole.text] { #expect(try await world.refusal(of: text) == nil) }
            _ = try await keys.rotate(whole.id, by: maker(account), overlap: .zero)
        }
    }

    @Test func `an agent's key replaces the keys of that agent alone`() async throws {
        try await use { world, keys, account in
            let agent = try await world.agents.create(HostedAgentInput(name: "one"), for: account)
            let another = try await world.agents.create(HostedAgentInput(name: "two"), for: account)
            let its = try await keys.create(APIKeyInput(hostedAgentID: agent.id), for: account)
            let others = [
                try await keys.create(APIKeyInput(hostedAgentID: another.id), for: account),
                try await keys.create(APIKeyInput(), for: account),
            ]
            let new = try await keys.rotate(its.id, by: maker(account, agent: agent.id), overlap: .zero)
            #expect(new.key.hostedAgentID == agent.id)
            for other in others {
                await #expect(throws: KeyError.ofAnother) {
                    try await keys.rotate(other.id, by: maker(account, agent: agent.id), overlap: .zero)
                }
                #expect(try await world.refusal(of: other.text) == nil)
            }
            #expect(KeyError.ofAnother.code == .forbidden)
        }
    }
}
