import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import ServiceLifecycle
import SharedModels

/// Sends the webhooks, one after another in the order of the events, until each is answered with a 2xx.
///
/// A webhook without such an answer stays in the database, so that a receiver that was down gets all of them later.
struct WebhookSender: Service {
    /// The first and the longest pause between two attempts. Pauses double, so that a receiver that comes back is
    /// served within 5 s.
    private static let firstPause = Duration.milliseconds(200)
    private static let longestPause = Duration.seconds(5)
    /// After this many refusals a webhook no longer holds up the others.
    private static let patience = 8
    /// By the sandbox's clock. After this time Stripe gives up too.
    private static let lifetime = Duration.days(3)
    /// How long the sender rests without a wake-up.
    private static let longestRest = Duration.seconds(30)

    let database: Database
    let clock: SandboxClock
    let http: OutboundHTTP
    let url: String
    let signature: WebhookSignature
    let wakeUp: WakeUp
    let logger: Logger
    let deliveries = DeliveryStore()
    private let system = SystemClock()

    init(
        database: Database, clock: SandboxClock, http: OutboundHTTP, url: String, signature: WebhookSignature,
        wakeUp: WakeUp,
        logger: Logger
    ) {
        self.database = database
        self.clock = clock
        self.http = http
        self.url = url
        self.signature = signature
        self.wakeUp = wakeUp
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let rest: Duration
                do {
                    rest = try await sendNext()
                } catch {
                    logger.warning("webhooks cannot be sent", metadata: ["error": "\(error)"])
                    rest = Self.longestPause
                }
                if rest > .zero { await wakeUp.wait(atMost: rest) }
            }
        }
    }

    /// Makes one attempt, if one is due.
    ///
    /// - Returns: How long there is nothing to do, unless something new arrives.
    func sendNext() async throws -> Duration {
        let now = system.now
        guard let delivery = try await deliveries.findNext(at: now, in: database) else { return Self.longestRest }
        guard delivery.nextAttemptAt <= now else { return delivery.nextAttemptAt - now }
        let outcome = await attempt(delivery)
        if case .taken = outcome {
            try await deliveries.delete(delivery, in: database)
        } else if clock.now - delivery.createdAt > Self.lifetime {
            logger.warning("webhook given up after three days", metadata: ["event": "\(delivery.eventID)"])
            try await deliveries.delete(delivery, in: database)
        } else {
            let isHopeless = outcome == .refused && delivery.attempts + 1 >= Self.patience
            try await deliveries.postpone(
                delivery, until: system.now + Self.pause(after: delivery.attempts + 1), setAside: isHopeless,
                in: database)
        }
        return .zero
    }

    private enum Outcome: Equatable { case taken, refused, unreachable }

    private func attempt(_ delivery: StripeDelivery) async -> Outcome {
        let request = OutboundRequest.json(
            .post, url,
            headers: [("Stripe-Signature", signature.header(for: delivery.payload, at: clock.now))],
            body: delivery.payload)
        do {
            let answer = try await http.send(request, .service)
            if (200...299).contains(answer.status) { return .taken }
            logger.info(
                "webhook refused", metadata: ["event": "\(delivery.eventID)", "status": "\(answer.status)"])
            // A service that is starting or overloaded counts as unreachable.
            return answer.status >= 500 ? .unreachable : .refused
        } catch {
            logger.debug(
                "webhook not delivered", metadata: ["event": "\(delivery.eventID)", "error": "\(error)"])
            return .unreachable
        }
    }

    /// - Parameter attempts: The number of attempts so far, counted from 1.
    static func pause(after attempts: Int) -> Duration {
        min(firstPause * (1 << min(attempts - 1, 10)), longestPause)
    }
}
