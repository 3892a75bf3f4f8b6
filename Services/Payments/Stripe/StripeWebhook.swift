import ServiceKit
import SharedModels

/// Takes Stripe's events. Each counts once, and is answered as soon as it is stored.
struct StripeWebhook: Sendable {
    let inbox: StripeInbox
    let signature: StripeSignature

    func register(on routes: Routes) {
        for endpoint in [Endpoints.stripe.webhook, Endpoints.stripe.alias] {
            routes.handle(endpoint) { input, call in
                try await receive(input.bytes, signature: call.header("stripe-signature"), at: call.now)
                return StripeReceipt()
            }
        }
    }

    /// - Throws: ``WebhookError``.
    func receive(_ body: [UInt8], signature header: String?, at now: Timestamp) async throws {
        do throws(StripeSignature.Flaw) {
            try signature.verify(header, body: body, at: now)
        } catch {
            throw WebhookError.badSignature(error)
        }
        // A signed body that is not JSON is not an event either.
        guard let json = try? JSONValue.parse(body, leniently: true), let event = StripeEvent(json) else {
            throw WebhookError.badEvent
        }
        try await inbox.take(event, at: now)
    }
}
