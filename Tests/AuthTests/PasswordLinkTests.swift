import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: who reads an address's mail can set its account's password, and nobody else.
@Suite struct PasswordLinkTests {
    private static let new = "Difference-1849!"

    private func input(_ token: String, _ password: String = new, confirm: String? = nil) -> PasswordByLinkInput {
        PasswordByLinkInput(token: token, newPassword: password, confirmPassword: confirm ?? password)
    }

    private func link(_ world: AuthWorld, to address: String = AuthWorld.email) async throws -> String {
        try await world.links.forgot(address)
        return try #require(try await world.token(mailedTo: address))
    }

    @Test func `a mailed link sets the password once, and ends every session`() async throws {
        try await AuthWorld.use { world in
            let pair = try await world.signIn()
            let browser = try await world.session()
            let token = try await link(world)
            try await world.links.update(input(token))
            #expect(try await world.resolve(pair.accessToken).principal == nil)
            #expect(try await !world.isAccepted(browser, .cookie))
            await #expect(throws: RefreshTokenError.refused) { try await world.tokens.refresh(pair.refreshToken) }
            await #expect(throws: PasswordError.wrong) { try await world.signIn() }
            try await world.signIn(Self.new)
            await #expect(throws: PasswordError.linkEnded) { try await world.links.update(input(token)) }
            #expect(PasswordError.linkEnded.code.status == 400)
        }
    }

    @Test func `of two who follow a link at once one sets the password`() async throws {
        try await AuthWorld.use { world in
            let token = try await link(world)
            let done = await attempts(4) { try await world.links.update(input(token, "Password-\($0)!")) }
            #expect(done.successes.count == 1)
        }
    }

    @Test func `a link lives a quarter of an hour, and a used one takes the others with it`() async throws {
        try await AuthWorld.use { world in
            let old = try await link(world)
            world.clock.advance(by: .minutes(15))
            await #expect(throws: PasswordError.linkEnded) { try await world.links.update(input(old)) }
            let first = try await link(world)
            world.clock.advance(by: .minutes(1))
            let second = try await link(world)
            try await world.links.update(input(first))
            await #expect(throws: PasswordError.linkEnded) { try await world.links.update(input(second)) }
        }
    }

    @Test func `a link is not stored as it is`() async throws {
        try await AuthWorld.use { world in
            let token = try await link(world)
            let rows: [String] = try await world.database.all(
                "SELECT password_links::text AS line FROM password_links UNION ALL SELECT payload::text FROM scheduled"
            ) { try $0.decode("line") }
            #expect(!rows.isEmpty && rows.allSatisfy { !$0.contains(token) })
        }
    }

    @Test func `an unknown address gets the same answers, and no mail`() async throws {
        try await AuthWorld.use { world in
            for address in [AuthWorld.email, "nobody@example.org"] {
                for _ in 0..<10 { try await world.links.forgot(address) }
                await #expect(throws: PasswordError.tooManyMails(retryAfter: .hours(1))) {
                    try await world.links.forgot(address)
                }
            }
            #expect(try await world.mails(to: "nobody@example.org").isEmpty)
            #expect(try await world.mails(to: AuthWorld.email).count == 10)
        }
    }

    @Test func `the new password follows the rules and is typed twice alike`() async throws {
        try await AuthWorld.use { world in
            let token = try await link(world)
            for (bad, member) in [
                (input(token, "weak-password"), "newPassword"),
                (input(token, confirm: "Difference-1849?"), "confirmPassword"),
            ] {
                let refusal = await #expect(throws: PasswordError.self) { try await world.links.update(bad) }
                #expect(refusal?.issues.map(\.path) == [member] && refusal?.code.status == 400)
            }
            await #expect(throws: PasswordError.linkEnded) {
                try await world.links.update(input(String(repeating: "0", count: 64)))
            }
            try await world.links.update(input(token))
        }
    }

    @Test func `an account that has proven its address gets its first password`() async throws {
        try await AuthWorld.use { world in
            let account = Account.registering("eve@example.org", as: "Eve Else", .client, plan: .free, at: .start)
            try await world.database.transaction { _ = try await AccountStore().insertIfAbsent(account, in: $0) }
            try await world.links.update(input(try await link(world, to: "eve@example.org")))
            try await world.signIn(Self.new, as: "eve@example.org")
        }
    }

    @Test func `a deleted account's link is of no use`() async throws {
        try await AuthWorld.use { world in
            let token = try await link(world)
            try await world.deletions.delete(world.account, reason: nil)
            await #expect(throws: PasswordError.linkEnded) { try await world.links.update(input(token)) }
        }
    }
}
