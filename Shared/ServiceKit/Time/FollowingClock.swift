import Logging
import OutboundHTTP
import ServiceLifecycle
import SharedModels
import Synchronization

/// The system's time plus the offset of the sandbox's clock, for development: to reach a deadline days away, move the
/// sandbox's clock.
///
/// The sandbox holds a request open and answers it as soon as the offset differs. Without a sandbox this is the
/// system's time.
package final class FollowingClock: DomainClock, Service {
    /// How long the sandbox may hold a request, in seconds.
    private static let hold = 20
    /// How long the first look may take. A service also starts without the sandbox.
    private static let startLimit = Duration.seconds(5)
    /// The pause between two requests when the last one failed or was not held.
    private static let pause = Duration.milliseconds(500)

    private let url: String?
    private let http: OutboundHTTP
    private let logger: Logger
    private let system = SystemClock()
    /// In microseconds.
    private let offset = Atomic<Int64>(0)
    private let hooks = Mutex<[@Sendable () -> Void]>([])

    /// - Parameter sandboxURL: Without a trailing slash; `nil` in production.
    package init(sandboxURL: String?, http: OutboundHTTP, logger: Logger) {
        url = sandboxURL.map { $0 + "/sandbox/clock" }
        self.http = http
        self.logger = logger
    }

    package var now: Timestamp {
        Timestamp(microseconds: system.now.microseconds + offset.load(ordering: .relaxed))
    }

    package func onAdvance(_ hook: @escaping @Sendable () -> Void) {
        hooks.withLock { $0.append(hook) }
    }

    /// Looks once before the service becomes ready. Without an answer within 5 s the offset stays 0.
    ///
    /// - Throws: Only `CancellationError`.
    package func catchUp() async throws {
        guard let url else { return }
        do {
            try await look(at: url, wait: 0, deadline: Self.startLimit)
        } catch {
            try Task.checkCancellation()
            logger.warning("the sandbox's clock cannot be read yet", metadata: ["error": "\(error)"])
        }
    }

    package func run() async throws {
        if let url {
            await cancelWhenGracefulShutdown { await self.follow(url) }
        } else {
            // Cancellation ends it too.
            try? await gracefulShutdown()
        }
    }

    private func follow(_ url: String) async {
        while !Task.isCancelled {
            let begin = ContinuousClock.now
            // After a failure the loop tries again; the sandbox may still be starting.
            let hasMoved = (try? await look(at: url, wait: Self.hold, deadline: .seconds(Self.hold + 5))) ?? false
            if !hasMoved, ContinuousClock.now - begin < Self.pause {
                // It ends early only when cancelled, which also ends the loop.
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    /// - Returns: Whether the offset has changed.
    @discardableResult
    private func look(at url: String, wait seconds: Int, deadline: Duration) async throws -> Bool {
        let known = offset.load(ordering: .relaxed)
        var request = OutboundRequest(.get, "\(url)?offset=\(Self.seconds(known))&wait=\(seconds)")
        request.deadline = deadline
        let response = try await http.send(request, .service)
        guard response.status == 200, let found = Self.offset(in: try JSONValue.parse(response.body)) else {
            throw UnreadableClock(status: response.status)
        }
        guard found != known else { return false }
        offset.store(found, ordering: .relaxed)
        for hook in hooks.withLock({ $0 }) { hook() }
        return true
    }

    /// `offset_seconds`, whole or with a fraction, in microseconds.
    static func offset(in answer: JSONValue) -> Int64? {
        switch answer["offset_seconds"] {
        case .integer(let seconds): Int64(exactly: Double(seconds) * 1_000_000)
        case .decimal(let text): Double(text).flatMap { Int64(exactly: ($0 * 1_000_000).rounded()) }
        default: nil
        }
    }

    /// Without a fraction for whole seconds, as the sandbox writes it.
    private static func seconds(_ microseconds: Int64) -> String {
        microseconds.isMultiple(of: 1_000_000) ? "\(microseconds / 1_000_000)" : "\(Double(microseconds) / 1_000_000)"
    }
}

/// The sandbox's answer is not a clock.
struct UnreadableClock: Error {
    let status: Int
}
