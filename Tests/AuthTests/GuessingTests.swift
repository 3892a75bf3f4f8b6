import OutboundHTTP
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: who guesses does not lock out who knows.
@Suite struct GuessingTests {
    private func place(_ address: String) -> Place { Place(IPAddress(address)) }

    private func guess(_ times: Int, from place: Place, in world: AuthWorld) async {
        for _ in 0..<times {
            await #expect(throws: PasswordError.wrong) { try await world.signIn("wrong", from: place) }
        }
    }

    @Test func `ten wrong passwords close the address for the place that they came from, and for no other`()
        async throws
    {
        try await AuthWorld.use { world in
            let (stranger, owner) = (place("192.0.2.1"), place("192.0.2.2"))
            await guess(10, from: stranger, in: world)
            await #expect(throws: PasswordError.tooManyWrong(retryAfter: .hours(1))) {
                try await world.signIn(from: stranger)
            }
            try await world.signIn(from: owner)
        }
    }

    @Test func `a subscriber's network of IPv6 is one place, and an IPv4 address in its IPv6 form the same`() {
        #expect(place("2001:db8::1") == place("2001:db8::ffff:1"))
        #expect(place("2001:db8::1") != place("2001:db8:0:1::1"))
        #expect(place("192.0.2.1") == place("::ffff:192.0.2.1"))
        #expect(place("192.0.2.1") != place("192.0.2.2"))
        #expect(Place(nil) != place("192.0.2.1"))
    }

    @Test func `after a hundred from anywhere only a mailed link opens the address, or a session of its owner's`()
        async throws
    {
        try await AuthWorld.use { world in
            let known = ShownSession(refreshToken: try await world.signIn().refreshToken)
            for number in 1...10 { await guess(10, from: place("192.0.2.\(number)"), in: world) }
            let elsewhere = place("198.51.100.1")
            await #expect(throws: PasswordError.closed(retryAfter: .days(30))) {
                try await world.signIn(from: elsewhere)
            }
            world.clock.advance(by: .hours(2))
            await #expect(throws: PasswordError.self) { try await world.signIn(from: elsewhere) }
            try await world.signIn(showing: known, from: elsewhere)
            try await world.links.forgot(AuthWorld.email)
            let token = try #require(try await world.token(mailedTo: AuthWorld.email))
            try await world.links.update(
                PasswordByLinkInput(token: token, newPassword: "Opened-again-1!", confirmPassword: "Opened-again-1!"))
            try await world.signIn("Opened-again-1!", from: elsewhere)
            try await world.signIn("Opened-again-1!", from: place("192.0.2.1"))
            #expect(PasswordError.closed(retryAfter: .days(30)).code.status == 429)
        }
    }

    @Test func `a hundred in more than an hour close nothing`() async throws {
        try await AuthWorld.use { world in
            for number in 1...9 { await guess(10, from: place("192.0.2.\(number)"), in: world) }
            world.clock.advance(by: .hours(1))
            for number in 1...9 { await guess(10, from: place("192.0.2.\(number)"), in: world) }
            try await world.signIn(from: place("198.51.100.1"))
        }
    }
}
