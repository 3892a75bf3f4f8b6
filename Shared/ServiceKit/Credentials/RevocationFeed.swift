import Logging
import OutboundHTTP
import ServiceLifecycle
import SharedModels

/// Keeps a stream open on which auth reports what is no longer valid, and removes that from the resolver.
///
/// While the stream is down, or silent for longer than ``patience``, nothing remembered is trusted. What callers follow goes
/// on, as nobody can revoke anything while auth stands still. But that may be one of several replicas: so another stream is
/// asked for, and when that one speaks while the first is silent, it is followed instead, and what callers follow ends.
/// After ``silence`` the stream counts as down, and that ends, too.
package struct RevocationFeed: Service {
    /// Auth sends something every half second. So a frozen auth vouches for nobody any longer, and a late message costs some
    /// questions.
    package static let patience = Duration.seconds(2)
    package static let silence = Duration.seconds(15)
    /// How long the stream may be silent until another one is asked for, if callers follow something.
    private static let doubt = Duration.milliseconds(800)
    /// How long the stream may still speak once another one does.
    private static let lastChance = Duration.milliseconds(500)
    private static let shortestPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(2)

    private let resolver: CredentialResolver
    private let peers: Peers
    private let http: OutboundHTTP
    private let logger: Logger
    private let lastChance: Duration
    /// Signals that the stream is silent while callers follow something.
    private let doubts = WakeUp()

    package init(resolver: CredentialResolver, peers: Peers, http: OutboundHTTP, logger: Logger) {
        self.init(resolver: resolver, peers: peers, http: http, logger: logger, lastChance: Self.lastChance)
    }

    init(resolver: CredentialResolver, peers: Peers, http: OutboundHTTP, logger: Logger, lastChance: Duration) {
        self.lastChance = lastChance
        self.resolver = resolver
        self.peers = peers
        self.http = http
        self.logger = logger
        resolver.streams.eachSecond { [doubts, weak resolver] in
            if let resolver, resolver.isTrusted, Self.isDoubtful(resolver) { doubts.signal() }
        }
    }

    private static func isDoubtful(_ resolver: CredentialResolver) -> Bool { .now - resolver.heardAt > doubt }

    /// Whether revocations arrive at the moment.
    package var isConnected: Bool { resolver.isTrusted }

    /// Reads the stream and reconnects with growing pauses, until the process shuts down.
    package func run() async {
        await cancelWhenGracefulShutdown {
            var pause = Self.shortestPause
            while !Task.isCancelled {
                let wasConnected = await followOnce()
                pause = wasConnected ? Self.shortestPause : min(pause * 2, Self.longestPause)
                // A cancelled wait needs no handling: the loop's condition ends it.
                try? await Task.sleep(for: pause * Double.random(in: 0.5...1))
            }
        }
    }

    /// - Returns: Whether auth answered.
    private func followOnce() async -> Bool {
        var isConnected = false
        do {
            var next = try await open(within: .seconds(5))
            while let stream = next {
                isConnected = true
                // Auth subscribes before it answers, so no revocation is lost between the old stream and this one.
                resolver.trust(true)
                logger.info("revocation feed is connected")
                next = try await follow(stream)
            }
            if isConnected { logger.warning("revocation feed has ended") }
        } catch is CancellationError {
            // The process shuts down.
        } catch {
            logger.warning("revocation feed is lost", metadata: ["error": "\(error)"])
        }
        if isConnected { resolver.trust(false) }
        return isConnected
    }

    /// - Returns: `nil` when auth refuses.
    private func open(within deadline: Duration) async throws -> OutboundStream? {
        var request = try await peers.request(
            Endpoints.authInternal.revocations.operation, body: nil, path: [:], deadline: deadline)
        request.idleTimeout = Self.silence
        let stream = try await http.stream(request, .service)
        if stream.head.status == 200 { return stream }
        logger.warning("auth refuses the revocation feed", metadata: ["status": "\(stream.head.status)"])
        return nil
    }

    /// Takes what auth reports.
    ///
    /// - Returns: Another stream, which speaks while this one is silent; `nil` when this one has ended.
    private func follow(_ stream: OutboundStream) async throws -> OutboundStream? {
        try await withThrowingTaskGroup(of: OutboundStream?.self) { group in
            group.addTask {
                try await read(stream)
                return nil
            }
            group.addTask { try await another() }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func read(_ stream: OutboundStream) async throws {
        let heard = stream.map { [resolver] piece in
            resolver.noteHeard()
            return piece
        }
        for try await event in ServerSentEvents(heard) { handle(event) }
    }

    private func another() async throws -> OutboundStream {
        while true {
            await doubts.wait()
            try Task.checkCancellation()
            let heardAt = resolver.heardAt
            // A failure is tried again within a second. Cancellation is looked for there.
            guard Self.isDoubtful(resolver), let stream = try? await open(within: Self.patience) else { continue }
            try await Task.sleep(for: lastChance)
            if resolver.heardAt == heardAt { return stream }
        }
    }

    private func handle(_ event: ServerSentEvent) {
        guard event.event == Revocation.eventName else { return }
        if let revocation = Revocation(json: event.data) {
            resolver.revoked(revocation)
        } else {
            // A kind that this version does not know: forget everything.
            resolver.trust(true)
        }
    }
}
