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
    /// The time that receivers have too, even where the marketplace's clock was moved.
    var realTime: any DomainClock = SystemClock()
    var timeout = Self.timeout

    func send(_ delivery: Delivery, to target: WebhookTarget) async -> AttemptResult {
        do {
            let secret = try vault.open(target.sealedSecret, of: target.id)
            let former = try target.sealedFormerSecret.map { try vault.open($0, of: target.id) }
            let body =
                switch target.format {
                case .clawConnected: delivery.body
                case .skillSync: try SkillSyncBody.bytes(ofStored: delivery.body, to: target.id, secret: secret)
                }
            var headers = WebhookSignature.headers(
                id: delivery.eventID, body: body, secret: secret, former: former, format: target.format,
                at: realTime.now)
            headers.append(("User-Agent", "Guildhall-Webhooks/1"))
            if let requestID = delivery.requestID { headers.append(("x-request-id", requestID)) }
            var request = OutboundRequest.json(.post, target.url, headers: headers, body: body)
            request.deadline = timeout
            // More than is kept: a connection can be used again when the whole answer was read.
            request.maximumResponseBytes = 64 << 10
            let response = try await http.send(request, .delivery(egress))
            return AttemptResult(response, at: clock.now)
        } catch {
            return AttemptResult(error)
        }
    }
}
