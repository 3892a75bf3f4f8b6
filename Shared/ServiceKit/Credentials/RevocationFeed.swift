import Logging
import OutboundHTTP
import ServiceLifecycle
import SharedModels

/// Keeps a stream open on which auth reports what is no longer valid, and removes that from the resolver.
///
/// While the stream is down, or silent for longer than ``patience``, nothing remembered is trusted. After ``silence`` it
/// counts as down, and what callers follow ends.
package struct RevocationFeed: Service {
    /// Auth sends something every half second. So a frozen auth vouches for nobody any longer, and a late message costs some
    /// questions.
    package static let patience = Duration.seconds(2)
    package static let silence = Duration.seconds(15)
    private static let shortestPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(2)

    private let resolver: CredentialResolver
    private let peers: Peers
    private let http: OutboundHTTP
    private let logger: Logger

    package init(resolver: CredentialResolver, peers: Peers, http: OutboundHTTP, logger: Logger) {
        self.resolver = resolver
        self.peers = peers
        self.http = http
        self.logger = logger
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

    /// - Returns: Whether auth answered.
    private func followOnce() async -> Bool {
        var isConnected = false
        do {
            var request = try await peers.request(
                Endpoints.authInternal.revocations.operation, body: nil, path: [:], deadline: .seconds(5))
            request.idleTimeout = Self.silence
            let stream = try await http.stream(request, .service)
            guard stream.head.status == 200 else {
                logger.warning("auth refuses the revocation feed", metadata: ["status": "\(stream.head.status)"])
                return false
            }
            isConnected = true
            // Auth subscribes before it answers, so no revocation is lost between the old stream and this one.
            resolver.trust(true)
            logger.info("revocation feed is connected")
            let heard = stream.map { [resolver] piece in
                resolver.noteHeard()
                return piece
            }
            for try await event in ServerSentEvents(heard) { handle(event) }
            logger.warning("revocation feed has ended")
        } catch is CancellationError {
            // The process shuts down.
        } catch {
            logger.warning("revocation feed is lost", metadata: ["error": "\(error)"])
        }
        if isConnected { resolver.trust(false) }
        return isConnected
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
