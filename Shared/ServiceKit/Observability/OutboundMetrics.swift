import OutboundHTTP

/// The metrics of a service's outgoing calls.
enum OutboundMetrics {
    static func register(_ http: OutboundHTTP, _ metrics: MetricsRegistry) {
        metrics.counter("outbound_attempts_total", "Attempts begun, retries included") {
            Double(http.statistics.attempts)
        }
        metrics.counter("outbound_answered_total", "Attempts that ended in an answer of any status") {
            Double(http.statistics.answered)
        }
        metrics.counter("outbound_failed_total", "Attempts that ended in an error") { Double(http.statistics.failed) }
        metrics.counter("outbound_cancelled_total", "Transfers that their caller gave up") {
            Double(http.statistics.cancelled)
        }
        metrics.counter("outbound_retries_total", "Attempts after a first one") { Double(http.statistics.retries) }
        metrics.counter("outbound_connections_opened_total", "Connections opened") {
            Double(http.statistics.connectionsOpened)
        }
        metrics.counter("outbound_circuits_opened_total", "Times that a target was left alone for a while") {
            Double(http.statistics.circuitsOpened)
        }
        metrics.gauge("outbound_transfers_outstanding", "Transfers queued or under way") {
            Double(http.statistics.outstanding)
        }
        metrics.gauge("outbound_circuits_open", "Targets that are left alone now, because they kept failing") {
            Double(http.statistics.openCircuits)
        }
    }
}
