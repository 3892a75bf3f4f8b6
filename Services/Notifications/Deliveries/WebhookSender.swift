import OutboundHTTP
import ServiceKit
import SharedModels

/// Sends an event to a user's program, signed.
struct WebhookSender: Sendable {
    static let timeout = Duration.seconds(10)

    let http: OutboundHTTP
    let egress: EgressGuard
    let vault: SecretVault
    let clock: any DomainClock
    var timeout = Self.timeout

    func send(_ delivery: Delivery, to id: WebhookID, url: String, sealedSecret: [UInt8]) async -> AttemptResult {
        do {
            let secret = try vault.open(sealedSecret, of: id)
            var request = OutboundRequest.json(
                .post, url, headers: headers(delivery, secret: secret), body: delivery.body)
            request.deadline = timeout
            request.maximumResponseBytes = AttemptResult.keptBytes
            let response = try await http.send(request, .userSupplied(egress))
            return AttemptResult(response, at: clock.now)
        } catch {
            return AttemptResult(error)
        }
    }

    private func headers(_ delivery: Delivery, secret: WebhookSecret) -> [(name: String, value: String)] {
        var headers = WebhookSignature.headers(
            id: delivery.eventID, body: delivery.body, secret: secret, at: clock.now)
        headers.append(("User-Agent", "Guildhall-Webhooks/1"))
        if let requestID = delivery.requestID { headers.append(("x-request-id", requestID)) }
        return headers
    }
}
