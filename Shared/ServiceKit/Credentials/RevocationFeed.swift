import Logging
import OutboundHTTP
import ServiceLifecycle
import SharedModels
import Synchronization

/// Keeps a stream open on which auth reports what is no longer valid, and removes that from the resolver.
///
/// While the stream is down, or silent for longer than ``patience``, nothing remembered is trusted. What callers follow goes
/// on, as nobody can revoke anything while auth stands still. But that may be one of several replicas: so another stream is
/// asked for, and when that one speaks while the first is silent, it is followed instead, and what callers follow ends. That
/// is within two seconds, unless the first three asks reach the silent replica, too. After ``silence`` the stream counts as
/// down, and that ends, too.
package struct RevocationFeed: Service {
    /// Auth sends something every half second. So a frozen auth vouches for nobody any longer, and a late message costs some
    /// questions.
    package static let patience = Duration.seconds(2)
    package static let silence = Duration.seconds(15)
    /// How long the stream may be silent until another one is asked for, if callers follow something. With the second between
    /// two looks it is asked for one second after the last word at the latest.
    private static let doubt = Duration.milliseconds(800)
    /// How often another one is asked for while none answers, and how many times before the next look.
    private static let askPause = Duration.milliseconds(250)
    private static let asks = 4
    /// How long the stream may be silent at least until another one is followed.
    private static let lastChance = Duration.milliseconds(1300)
    private static let shortestPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(2)

    private let resolver: CredentialResolver
    private let peers: Peers
    private let http: OutboundHTTP
    private let logger: Logger
    private let lastChance: Duration
    /// Signals each second that callers follow something.
    private let looks = WakeUp()

    package init(resolver: CredentialResolver, peers: Peers, http: OutboundHTTP, logger: Logger) {
        self.init(resolver: resolver, peers: peers, http: http, logger: logger, lastChance: Self.lastChance)
    }

    init(resolver: CredentialResolver, peers: Peers, http: OutboundHTTP, logger: Logger, lastChance: Duration) {
        self.lastChance = lastChance
        self.resolver = resolver
        self.peers = peers
        self.http = http
        self.logger = logger
        resolver.streams.eachSecond { [looks] in looks.signal() }
    }

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

    /// A stream of auth's. What it says shows that auth is there, but only while it is followed.
    private final class Source: Sendable {
        let isFollowed = Atomic(false)
    }

    /// - Returns: Whether auth answered.
    private func followOnce() async -> Bool {
        var isConnected = false
        do {
            var next = try await open(within: .seconds(5))
            while let (stream, source) = next {
                isConnected = true
                // Auth subscribes before it answers, so no revocation is lost between the old stream and this one.
                resolver.trust(true)
                source.isFollowed.store(true, ordering: .relaxed)
                logger.info("revocation feed is connected")
                next = try await follow(stream)
                source.isFollowed.store(false, ordering: .relaxed)
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
    private func open(within deadline: Duration) async throws -> (OutboundStream, Source)? {
        var request = try await peers.request(
            Endpoints.authInternal.revocations.operation, body: nil, path: [:], deadline: deadline)
        request.idleTimeout = Self.silence
        let source = Source()
        request.isForReader = { [resolver] piece in
            if source.isFollowed.load(ordering: .relaxed) { resolver.noteHeard() }
            // It says nothing more: two a second would wake a thread each.
            return !piece.elementsEqual(OutgoingEvent.heartbeat.bytes)
        }
        let stream = try await http.stream(request, .service)
        if stream.head.status == 200 { return (stream, source) }
        logger.warning("auth refuses the revocation feed", metadata: ["status": "\(stream.head.status)"])
        return nil
    }

    /// Takes what auth reports.
    ///
    /// - Returns: Another stream, which speaks while this one is silent; `nil` when this one has ended.
    private func follow(_ stream: OutboundStream) async throws -> (OutboundStream, Source)? {
        try await withThrowingTaskGroup(of: (OutboundStream, Source)?.self) { group in
            group.addTask {
                for try await event in ServerSentEvents(stream) { handle(event) }
                return nil
            }
            group.addTask { try await another() }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func another() async throws -> (OutboundStream, Source) {
        while true {
            await looks.wait()
            try Task.checkCancellation()
            let heardAt = resolver.heardAt
            try await Task.sleep(until: heardAt + Self.doubt, clock: .continuous)
            guard resolver.heardAt == heardAt, let found = try await ask() else { continue }
            try await Task.sleep(until: heardAt + lastChance, clock: .continuous)
            if resolver.heardAt == heardAt { return found }
        }
    }

    /// Asks for another stream several times, because some of the asks can reach the silent replica, which does not answer.
    ///
    /// - Returns: What was answered first; `nil` when nothing was, which is tried again within a second.
    private func ask() async throws -> (OutboundStream, Source)? {
        try await withThrowingTaskGroup(of: (OutboundStream, Source)?.self) { group in
            defer { group.cancelAll() }
            for number in 0..<Self.asks {
                group.addTask {
                    try await Task.sleep(for: Self.askPause * number)
                    // What failed is only told by the others.
                    return try? await open(within: Self.patience)
                }
            }
            for try await found in group { if let found { return found } }
            return nil
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
