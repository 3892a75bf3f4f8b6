import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: auth is asked as rarely as possible, and nothing that was revoked is let in.
@Suite struct CredentialResolverTests {
    private let clock = TestClock()
    private let key = PresentedCredential(source: .token, secret: "a-token")

    @Test func `a known key is let in without asking`() async throws {
        let auth = FakeAuth(clock)
        let resolver = auth.resolver()
        let first = try await resolver.resolve(key)
        first.release()
        let second = try #require(try resolver.admitCached(key))
        #expect(auth.asked == 1)
        #expect(
            first.rateLimit == RateLimitState(limit: 60, remaining: 59, resetsAt: auth.windowEnd, retryAfterSeconds: 60)
        )
        #expect(second.rateLimit?.remaining == 58)
    }

    @Test func `the grant is spent, then auth is asked again`() async throws {
        let auth = FakeAuth(clock, grantSize: 3)
        let resolver = auth.resolver()
        for _ in 0..<7 { try await resolver.resolve(key).release() }
        #expect(auth.asked == 3)
    }

    @Test func `what a grant leaves is given back when it has lapsed`() async throws {
        let auth = FakeAuth(clock, grantSize: 10)
        let resolver = auth.resolver()
        try await resolver.resolve(key).release()
        clock.advance(by: .seconds(61))
        try await resolver.resolve(key).release()
        #expect(auth.unspent == [0, 9])
    }

    @Test(
        arguments: [
            (OutboundError.connectFailed(reason: "refused"), 9), (OutboundError.circuitOpen(target: "auth:8081"), 9),
            (OutboundError.timedOut, 0), (OutboundError.transport(code: 56, message: "reset"), 0),
        ])
    func `an ask that surely did not arrive costs nothing of the grant`(error: OutboundError, kept: Int) async throws {
        let auth = FakeAuth(clock, grantSize: 10)
        let resolver = auth.resolver()
        try await resolver.resolve(key).release()
        clock.advance(by: .seconds(61))
        auth.fail(error)
        for _ in 0..<3 {
            await #expect(throws: CredentialRefusal.unavailable(retryAfter: .seconds(2))) {
                try await resolver.resolve(key)
            }
        }
        auth.fail(nil)
        try await resolver.resolve(key).release()
        #expect(auth.unspent == [0, 9, kept, kept, kept])
    }

    @Test func `a refused key takes nothing with it that the account's other keys may spend`() async throws {
        let auth = FakeAuth(clock, grantSize: 10)
        let resolver = auth.resolver()
        let other = PresentedCredential(source: .token, secret: "another-token")
        try await resolver.resolve(key).release()
        try await resolver.resolve(other).release()
        clock.advance(by: .seconds(61))
        auth.refuse()
        await #expect(throws: CredentialRefusal.unauthorized("No.")) { try await resolver.resolve(key) }
        auth.accept()
        try await resolver.resolve(other).release()
        #expect(auth.unspent.last == auth.unspent.dropLast().last && auth.unspent.last != 0)
    }

    @Test func `what is left of a grant outlives the loss of the feed`() async throws {
        let auth = FakeAuth(clock, grantSize: 10)
        let resolver = auth.resolver()
        try await resolver.resolve(key).release()
        resolver.trust(false)
        resolver.trust(true)
        try await resolver.resolve(key).release()
        clock.advance(by: .seconds(61))
        try await resolver.resolve(key).release()
        #expect(auth.unspent == [0, 0, 18])
    }

    @Test func `a burst asks once`() async throws {
        let auth = FakeAuth(clock, grantSize: 1000, concurrent: 1000)
        let resolver = auth.resolver()
        auth.hold()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { try await resolver.resolve(key).release() } }
            await auth.waitUntilAsked()
            auth.letGo()
            try await group.waitForAll()
        }
        #expect(auth.asked <= 2)
    }

    @Test func `a revoked key is not let in`() async throws {
        let auth = FakeAuth(clock)
        let resolver = auth.resolver()
        try await resolver.resolve(key).release()
        auth.refuse()
        resolver.revoked(.credential(sha256: APIKeyFormat.sha256("a-token")))
        #expect(try resolver.admitCached(key) == nil)
        await #expect(throws: CredentialRefusal.unauthorized("No.")) { try await resolver.resolve(key) }
    }

    @Test func `a change of the account drops all its keys`() async throws {
        let auth = FakeAuth(clock)
        let resolver = auth.resolver()
        try await resolver.resolve(key).release()
        resolver.revoked(.account(auth.account))
        #expect(try resolver.admitCached(key) == nil)
        try await resolver.resolve(key).release()
        #expect(auth.asked == 2)
    }

    @Test func `an answer from before a revocation is not remembered`() async throws {
        let auth = FakeAuth(clock)
        let resolver = auth.resolver()
        auth.hold()
        async let admission = resolver.resolve(key)
        await auth.waitUntilAsked()
        resolver.revoked(.credential(sha256: APIKeyFormat.sha256("a-token")))
        auth.letGo()
        try await admission.release()
        #expect(auth.asked == 2)
    }

    @Test func `without the feed every request asks, and the rest of its grant goes back`() async throws {
        let auth = FakeAuth(clock, grantSize: 5)
        let resolver = auth.resolver(isTrusted: false)
        for _ in 0..<3 { try await resolver.resolve(key).release() }
        #expect(auth.unspent == [0, 4, 4])
        resolver.trust(true)
        for _ in 0..<3 { try await resolver.resolve(key).release() }
        #expect(auth.asked == 4)
        resolver.trust(false)
        #expect(try resolver.admitCached(key) == nil)
    }

    @Test func `when nothing was heard of auth for too long every request asks`() async throws {
        let auth = FakeAuth(clock)
        let (deaf, hearing) = (auth.resolver(patience: .zero), auth.resolver(patience: .hours(1)))
        for _ in 0..<3 { try await deaf.resolve(key).release() }
        #expect(try deaf.admitCached(key) == nil)
        #expect(auth.asked == 3)
        for _ in 0..<3 { try await hearing.resolve(key).release() }
        #expect(auth.asked == 4)
    }

    @Test func `a burst asks a few times at most while nothing is heard of auth, and each request is let in`()
        async throws
    {
        let auth = FakeAuth(clock, grantSize: 1000, concurrent: 1000)
        let deaf = auth.resolver(patience: .zero)
        let begun = Shared(0)
        auth.hold()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    begun.change { $0 += 1 }
                    try await deaf.resolve(key).release()
                }
            }
            await auth.waitUntilAsked()
            // It is a burst only when none comes after the first answer.
            try await eventually("all have begun") { begun.value == 100 }
            auth.letGo()
            try await group.waitForAll()
        }
        #expect(auth.asked < 20)
    }

    @Test func `an answer from before a request does not let it in while nothing is heard of auth`() async throws {
        let auth = FakeAuth(clock)
        let deaf = auth.resolver(patience: .zero)
        auth.hold()
        async let first = deaf.resolve(key)
        await auth.waitUntilAsked()
        async let second = deaf.resolve(key)
        auth.letGo()
        try await first.release()
        try await second.release()
        #expect(auth.asked >= 2)
    }

    @Test func `a credential that was let in while nothing is heard of auth is known, until it is revoked`()
        async throws
    {
        let auth = FakeAuth(clock)
        let deaf = auth.resolver(patience: .zero)
        let admission = try await deaf.resolve(key)
        #expect(deaf.knows(key))
        deaf.revoked(.account(auth.account))
        #expect(!deaf.knows(key))
        admission.release()
        try await deaf.resolve(key).release()
        #expect(deaf.knows(key))
        deaf.trust(false)
        #expect(!deaf.knows(key))
        #expect(auth.asked == 2)
    }

    @Test func `more at once than the plan allows is refused, until one has ended`() async throws {
        let auth = FakeAuth(clock, concurrent: 2)
        let resolver = auth.resolver()
        let (one, two) = (try await resolver.resolve(key), try await resolver.resolve(key))
        await #expect(throws: CredentialRefusal.self) { try await resolver.resolve(key) }
        one.release()
        one.release()
        let three = try await resolver.resolve(key)
        await #expect(throws: CredentialRefusal.self) { try await resolver.resolve(key) }
        two.release()
        three.release()
    }

    @Test func `a limit is told without asking again at once`() async throws {
        let auth = FakeAuth(clock, grantSize: 0)
        let resolver = auth.resolver()
        for _ in 0..<5 {
            await #expect(throws: CredentialRefusal.self) { try await resolver.resolve(key) }
        }
        #expect(auth.asked == 1)
        clock.advance(by: .seconds(2))
        await #expect(throws: CredentialRefusal.self) { try await resolver.resolve(key) }
        #expect(auth.asked == 2)
    }

    @Test func `a mistyped key is refused without asking`() async throws {
        let auth = FakeAuth(clock)
        let resolver = auth.resolver()
        let mistyped = APIKeyFormat.generate(prefix: "cc_live_").dropLast(6) + "zzzzzz"
        await #expect(throws: CredentialRefusal.self) {
            try await resolver.resolve(PresentedCredential(source: .token, secret: String(mistyped)))
        }
        #expect(auth.asked == 0)
    }

    @Test func `a session sent as a token is another credential`() async throws {
        let auth = FakeAuth(clock)
        let resolver = auth.resolver()
        try await resolver.resolve(key).release()
        #expect(try resolver.admitCached(PresentedCredential(source: .cookie, secret: key.secret)) == nil)
    }

    @Test func `when auth is away the answer is try again`() async throws {
        let auth = FakeAuth(clock)
        let resolver = auth.resolver()
        auth.fail()
        await #expect(throws: CredentialRefusal.unavailable(retryAfter: .seconds(2))) {
            try await resolver.resolve(key)
        }
    }

    @Test func `a clock ahead of auth's does not lock anybody out`() async throws {
        let auth = FakeAuth(clock, lag: .minutes(5))
        let resolver = auth.resolver()
        try await resolver.resolve(key).release()
        #expect(auth.asked < 20)
    }

    @Test func `memory is bounded`() async throws {
        let auth = FakeAuth(clock)
        let resolver = auth.resolver(limit: 10)
        for number in 0..<100 {
            try await resolver.resolve(PresentedCredential(source: .token, secret: "t\(number)")).release()
        }
        let remembered = try (0..<100).filter {
            try resolver.admitCached(PresentedCredential(source: .token, secret: "t\($0)")) != nil
        }
        #expect(remembered.count <= 10 && remembered.contains(99))
    }
}
