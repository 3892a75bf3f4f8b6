import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: who knows a password can change it, and guessing at it here is guessing.
@Suite struct PasswordChangeTests {
    private static let new = "Difference-1849!"

    private func input(
        _ current: String = AuthWorld.password, to new: String = new, confirm: String? = nil,
        email: String = AuthWorld.email
    ) -> PasswordChangeInput {
        PasswordChangeInput(
            email: email, currentPassword: current, newPassword: new, confirmPassword: confirm ?? new)
    }

    private func change(
        _ input: PasswordChangeInput, in world: AuthWorld, showing shown: ShownSession = ShownSession()
    ) async throws {
        try await world.passwords.change(input, showing: shown, from: AuthWorld.place)
    }

    @Test func `a changed password ends every session but the one that changed it`() async throws {
        try await AuthWorld.use { world in
            let (own, other) = (try await world.signIn(), try await world.signIn())
            try await change(input(), in: world, showing: ShownSession(accessToken: own.accessToken))
            #expect(try await world.resolve(own.accessToken).principal != nil)
            _ = try await world.tokens.refresh(own.refreshToken)
            #expect(try await world.resolve(other.accessToken).principal == nil)
            await #expect(throws: RefreshTokenError.refused) { try await world.tokens.refresh(other.refreshToken) }
            await #expect(throws: PasswordError.wrong) { try await world.signIn() }
            try await world.signIn(Self.new)
        }
    }

    @Test func `without a token it works, too, and ends every session`() async throws {
        try await AuthWorld.use { world in
            let pair = try await world.signIn()
            try await change(input(), in: world)
            #expect(try await world.resolve(pair.accessToken).principal == nil)
            try await world.signIn(Self.new)
        }
    }

    @Test func `a wrong password, an unknown address and an account without a password are refused alike`()
        async throws
    {
        try await AuthWorld.use { world in
            let account = Account.registering("eve@example.org", as: "Eve Else", .client, plan: .free, at: .start)
            try await world.database.transaction { _ = try await AccountStore().insertIfAbsent(account, in: $0) }
            for bad in [input("wrong"), input(email: "nobody@example.org"), input(email: "eve@example.org")] {
                await #expect(throws: PasswordError.wrong) { try await change(bad, in: world) }
            }
            await #expect(throws: PasswordError.wrong) { try await world.signIn(as: "eve@example.org") }
        }
    }

    @Test func `another account's token, and one that has ended, are refused`() async throws {
        try await AuthWorld.use { world in
            let own = try await world.signIn()
            let shown = ShownSession(accessToken: own.accessToken)
            await #expect(throws: PasswordError.notYours) {
                try await change(input(email: "else@example.org"), in: world, showing: shown)
            }
            try await world.tokens.signOut(shown)
            await #expect(throws: PasswordError.sessionEnded) { try await change(input(), in: world, showing: shown) }
            #expect(PasswordError.notYours.code.status == 403 && PasswordError.sessionEnded.code.status == 401)
        }
    }

    @Test func `guesses count as those of signing in do`() async throws {
        try await AuthWorld.use { world in
            for _ in 0..<10 {
                await #expect(throws: PasswordError.wrong) { try await change(input("wrong"), in: world) }
            }
            await #expect(throws: PasswordError.tooManyWrong(retryAfter: .hours(1))) {
                try await change(input(), in: world)
            }
            await #expect(throws: PasswordError.tooManyWrong(retryAfter: .hours(1))) { try await world.signIn() }
        }
    }

    @Test func `the new password follows the rules and is typed twice alike`() async throws {
        try await AuthWorld.use { world in
            for (bad, member) in [
                (input(to: "weak-password"), "newPassword"), (input(confirm: "else"), "confirmPassword"),
            ] {
                let refusal = await #expect(throws: PasswordError.self) { try await change(bad, in: world) }
                #expect(refusal?.issues.map(\.path) == [member])
            }
        }
    }
}
