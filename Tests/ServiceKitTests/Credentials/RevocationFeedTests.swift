import HTTPTypes
import OutboundHTTP
import SharedModels
import Synchronization
import TestSupport
import Testing

@testable import ServiceKit

/// What a caller follows.
private final class Followed: HeldOpen {
    private let state = Atomic(false)
    var hasEnded: Bool { state.load(ordering: .relaxed) }
    func beat() {}
    func end() { state.store(true, ordering: .relaxed) }
}

/// Replicas of auth behind one address. Each stream is served by the next one, and says only what it is told to.
private final class Replicas: Sendable {
    private let streams = Mutex([ConnectionLine]())
    private let ended = Mutex(Set<Int>())
    /// How many asks after the first reach a replica that stands still.
    private let frozen: Int
    private let asked = Mutex(0)
    private let isOver = Atomic(false)
    var count: Int { streams.withLock(\.count) }

    init(frozen: Int) { self.frozen = frozen }

    func answer() async -> ServedAnswer {
        let number = asked.withLock { asked in
            defer { asked += 1 }
            return asked
        }
        // Only cancellation cuts a wait short.
        while number > 0, number <= frozen, !isOver.load(ordering: .relaxed) {
            try? await Task.sleep(for: .milliseconds(20))
        }
        return ServedAnswer(
            status: 200, headers: [.contentType: "text/event-stream"],
            body: .stream { [self] line in
                let number = streams.withLock { streams in
                    streams.append(line)
                    return streams.count - 1
                }
                // The caller's end of the stream cancels it.
                while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
                ended.withLock { _ = $0.insert(number) }
            })
    }

    func end() { isOver.store(true, ordering: .relaxed) }

    func hasEnded(_ number: Int) -> Bool { ended.withLock { $0.contains(number) } }

    func say(on number: Int) async throws {
        try await streams.withLock { $0[number] }.write(OutgoingEvent.heartbeat.bytes)
    }
}

/// The promise under test: what is followed does not outlive a revocation that another replica of auth makes while the one
/// that is listened to stands still, and a moment of silence ends nothing.
@Suite(.timeLimit(.minutes(20))) struct RevocationFeedTests {
    @Test func `what callers follow ends when its replica of auth is silent and another speaks`() async throws {
        try await follow(lastChance: .milliseconds(1)) { replicas, followed, tick in
            try await eventually("it ends") {
                tick()
                return followed.hasEnded
            }
            try await eventually("the silent stream was left") { replicas.hasEnded(0) }
        }
    }

    @Test func `it ends as well when other asks reach the silent replica first`() async throws {
        try await follow(lastChance: .milliseconds(1), frozen: 3) { replicas, followed, tick in
            try await eventually("it ends") {
                tick()
                return followed.hasEnded
            }
            try await eventually("the silent stream was left") { replicas.hasEnded(0) }
        }
    }

    @Test func `what another replica says is no sign of the one that is followed`() async throws {
        try await follow(lastChance: .seconds(3)) { replicas, followed, tick in
            try await eventually("another is asked, and speaks") {
                tick()
                guard replicas.count > 1 else { return false }
                try await replicas.say(on: 1)
                return followed.hasEnded
            }
        }
    }

    @Test func `what callers follow goes on when the silent replica speaks again`() async throws {
        try await follow(lastChance: .seconds(10)) { replicas, followed, tick in
            try await eventually("another is asked") {
                tick()
                return replicas.count > 1
            }
            try await eventually("the other one was left") {
                try await replicas.say(on: 0)
                return replicas.hasEnded(1)
            }
            #expect(!followed.hasEnded)
            #expect(!replicas.hasEnded(0))
        }
    }

    private func follow(
        lastChance: Duration, frozen: Int = 0, _ body: (Replicas, Followed, () -> Void) async throws -> Void
    ) async throws {
        let replicas = Replicas(frozen: frozen)
        try await LocalServer.serve(respond: { _ in await replicas.answer() }) { address in
            let http = OutboundHTTP(logger: .quiet)
            let clock = TestClock()
            let tokens = ServiceTokens(
                secret: RotatingSecret(Secret(String(repeating: "s", count: 40))), issuer: .messages)
            let resolver = CredentialResolver(
                ask: { _ in throw CancellationError() }, clock: clock, logger: .quiet,
                patience: RevocationFeed.patience)
            let feed = RevocationFeed(
                resolver: resolver, peers: Peers(addresses: [.auth: address], tokens: tokens, http: http), http: http,
                logger: .quiet, lastChance: lastChance)
            let running = Task { await feed.run() }
            try await eventually("it is connected") { resolver.isTrusted }
            let followed = Followed()
            let principal = Principal(
                accountID: .make(at: clock.now), userType: .client, isAdmin: false, plan: .free, credential: .apiKey)
            let stream = try resolver.streams.open(principal, CredentialDigest(Array(repeating: 1, count: 32)))
            try stream.begin(on: followed)
            try await body(replicas, followed) { resolver.streams.tick() }
            replicas.end()
            running.cancel()
            await running.value
            await http.shutdown()
        }
    }
}
