import ServiceKit
import Synchronization

/// How many attempts of this process failed, for `/metrics`. One that the receiver only wants later has not failed.
final class AttemptCounts: Sendable {
    private let webhooks = Atomic(0)
    private let channels = Atomic(0)

    func note(_ result: AttemptResult, of delivery: Delivery) {
        switch result.verdict {
        case .delivered, .postponed, .skipped: return
        case .failed, .hopeless, .gone: break
        }
        switch delivery.destination {
        case .webhook: webhooks.add(1, ordering: .relaxed)
        case .channel: channels.add(1, ordering: .relaxed)
        }
    }

    var failed: (webhooks: Int, channels: Int) {
        (webhooks.load(ordering: .relaxed), channels.load(ordering: .relaxed))
    }

    func register(_ metrics: MetricsRegistry) {
        metrics.counter("webhook_attempts_failed_total", "Attempts that a webhook's receiver did not take") {
            Double(self.failed.webhooks)
        }
        metrics.counter("channel_attempts_failed_total", "Messages that a channel's provider did not take") {
            Double(self.failed.channels)
        }
    }
}
