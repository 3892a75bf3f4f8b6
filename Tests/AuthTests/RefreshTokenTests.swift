import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import AuthService

/// The promise under test: a refresh token works once, and a stolen one is detected.
@Suite struct RefreshTokenTests {
    private func expectRefused(
        _ token: String?, in world: AuthWorld, sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        await #expect(throws: RefreshTokenError.refused, sourceLocation: sourceLocation) {
            try await world.tokens.refresh(token)
        }
    }

    @Test func `a refresh gives another pair of the same session`() async throws {
        try await AuthWorld.use { world in
            let first = try await world.signIn()
            world.clock.advance(by: .hours(3))
            #expect(try await world.resolve(first.accessToken).principal == nil)
            let second = try await world.tokens.refresh(first.refreshToken)
            #expect(second.refreshToken != first.refreshToken)
            let principal = try #require(try await world.resolve(second.accessToken).principal)
            #expect(principal.accountID == world.account)
        }
    }

    @Test func `parallel refreshes all succeed, and go on with one token`() async throws {
        try await AuthWorld.use { world in
            let first = try await world.signIn()
            let pairs = try await withThrowingTaskGroup(of: TokenPair.self) { group in
                for _ in 0..<8 { group.addTask { try await world.tokens.refresh(first.refreshToken) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(pairs.count == 8 && Set(pairs.map(\.refreshToken)).count == 1)
            world.clock.advance(by: .seconds(9))
            #expect(try await world.tokens.refresh(first.refreshToken).refreshToken == pairs[0].refreshToken)
            world.clock.advance(by: .hours(1))
            _ = try await world.tokens.refresh(pairs[0].refreshToken)
        }
    }

    @Test func `a parallel refresh that comes late goes on with the newest token`() async throws {
        try await AuthWorld.use { world in
            let first = try await world.signIn()
            let second = try await world.tokens.refresh(first.refreshToken)
            let third = try await world.tokens.refresh(second.refreshToken)
            let late = try await world.tokens.refresh(first.refreshToken)
            #expect(late.refreshToken == third.refreshToken)
            world.clock.advance(by: .hours(1))
            let fourth = try await world.tokens.refresh(late.refreshToken)
            #expect(try await world.resolve(fourth.accessToken).principal?.accountID == world.account)
        }
    }

    @Test func `a token that comes back after ten seconds ends the whole family`() async throws {
        try await AuthWorld.use { world in
            let first = try await world.signIn()
            let second = try await world.tokens.refresh(first.refreshToken)
            let third = try await world.tokens.refresh(second.refreshToken)
            world.clock.advance(by: .seconds(10))
            await expectRefused(first.refreshToken, in: world)
            await expectRefused(third.refreshToken, in: world)
            for pair in [first, second, third] {
                #expect(
                    try await world.refusal(of: pair.accessToken) == "The session has ended; sign in again.")
            }
        }
    }

    @Test func `another session of the same account lives on`() async throws {
        try await AuthWorld.use { world in
            let (stolen, other) = (try await world.signIn(), try await world.signIn())
            _ = try await world.tokens.refresh(stolen.refreshToken)
            world.clock.advance(by: .minutes(1))
            await expectRefused(stolen.refreshToken, in: world)
            #expect(try await world.resolve(other.accessToken).principal != nil)
            _ = try await world.tokens.refresh(other.refreshToken)
        }
    }

    @Test func `a token lives seven days, and each use gives seven more`() async throws {
        try await AuthWorld.use { world in
            var pair = try await world.signIn()
            for _ in 0..<3 {
                world.clock.advance(by: .days(7) - .seconds(1))
                pair = try await world.tokens.refresh(pair.refreshToken)
            }
            #expect(try await world.resolve(pair.accessToken).principal != nil)
            world.clock.advance(by: .days(7))
            await expectRefused(pair.refreshToken, in: world)
        }
    }

    @Test func `what is no refresh token is refused`() async throws {
        try await AuthWorld.use { world in
            let pair = try await world.signIn()
            for text in [nil, "", "x", pair.accessToken, pair.refreshToken + "A"] {
                await expectRefused(text, in: world)
            }
            #expect(try await world.resolve(pair.refreshToken).principal == nil)
        }
    }

    @Test func `signing out without tokens, or twice, changes nothing`() async throws {
        try await AuthWorld.use { world in
            let pair = try await world.signIn()
            try await world.tokens.signOut(ShownSession())
            try await world.tokens.signOut(ShownSession(refreshToken: "x", accessToken: "y", cookie: "z"))
            #expect(try await world.resolve(pair.accessToken).principal != nil)
            let browser = Session.make(for: world.account, at: world.clock.now)
            try await world.database.transaction { try await SessionStore().insert(browser.session, in: $0) }
            try await world.tokens.signOut(ShownSession(cookie: browser.text))
            let input = CredentialInput(source: .cookie, secret: browser.text, unspent: 0)
            #expect(try await world.judge.resolve(input).principal != nil)
            for _ in 0..<2 { try await world.tokens.signOut(ShownSession(refreshToken: pair.refreshToken)) }
            await expectRefused(pair.refreshToken, in: world)
        }
    }
}
