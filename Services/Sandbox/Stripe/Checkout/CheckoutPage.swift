import Postgres
import ServiceKit
import SharedModels

/// The page behind a session's `url`, and its pay button. Everybody with the link may pay, as at Stripe.
struct CheckoutPage: Sendable {
    let store: StripeObjectStore
    let sessions: CheckoutSessions
    let deadlines: StripeDeadlines
    let faults: FaultStore
    let database: Database
    let clock: SandboxClock
    let afterCommit: @Sendable () -> Void

    func register(on routes: RawRoutes) {
        routes.on(.get, "/stripe/checkout/{id}", show)
        routes.on(.post, "/stripe/checkout/{id}/pay", pay)
    }

    private func show(_ request: RawRequest) async throws -> Answer {
        guard
            let session = try await store.find(
                request.pathParameters["id"] ?? "", .checkoutSession, in: database)
        else {
            return .html(HTMLPage(title: "No such session", body: "").text, status: 404)
        }
        let amount = "\(session.amount("amount_total")) of the smallest unit of \(session.text("currency"))"
        guard session.text("status") == "open" else {
            return .html(
                HTMLPage(
                    title: "This session is \(session.text("status"))", body: "<p>It was about \(amount).</p>"
                ).text,
                status: 410)
        }
        let items = (session.hidden["line_items"]?.array ?? []).map {
            "<li>\(Markup.escape($0["description"]?.string ?? "")), \($0["quantity"]?.integer ?? 1)</li>"
        }
        let cancel =
            session["cancel_url"].string.map { "<p><a href=\"\(Markup.escape($0))\">Cancel</a></p>" } ?? ""
        return .html(
            HTMLPage(
                title: "Pay \(amount)",
                body: """
                    <ul>\(items.joined())</ul>
                    <form method="post" action="/stripe/checkout/\(Markup.escape(session.id))/pay">
                    <button name="payment_method" value="pm_card_visa">Pay with a good card</button>
                    <button name="payment_method" value="pm_card_chargeDeclined">Pay with a declined card</button>
                    <button name="delayed" value="true">Pay by bank, which takes days</button>
                    </form>\(cancel)
                    """
            ).text)
    }

    /// Pays with the card in `payment_method`, by default a good one; with `delayed`, as by a method whose bank takes days
    /// (`POST /sandbox/stripe/payment_intents/{id}` lets it answer). Browsers are sent to the success URL;
    /// others get the session, or Stripe's error.
    private func pay(_ request: RawRequest) async throws -> Answer {
        let fault = try await faults.take(.stripe, request)
        let wantsPage = MediaType.isNamed("text/html", by: request.header("accept"))
        do {
            switch fault {
            case .error, .storedError: throw StripeError.failed
            case .rateLimit: throw StripeError.rateLimited
            case .timeout:
                await FaultGate.stayingSilent(request)
                throw StripeError.failed
            case nil, .timeoutAfterSuccess, .decline, .errorAfterSuccess, .unauthorized, .proxyRefusal, .processing,
                .requiresAction, .eventsFirst:
                break
            }
            let (session, refusal) = try await paid(request, bank: BankManner(fault))
            afterCommit()
            if fault == .timeoutAfterSuccess { await FaultGate.stayingSilent(request) }
            if fault == .errorAfterSuccess { throw StripeError.failed }
            if let refusal { throw refusal }
            guard wantsPage, let url = session["success_url"].string else { return .json(session.body) }
            return Answer(
                status: 303, headers: [("Location", url.replacing("{CHECKOUT_SESSION_ID}", with: session.id))]
            )
        } catch let refusal as StripeError {
            guard wantsPage else { return refusal.answer }
            let page = HTMLPage(title: "Not paid", body: "<p>\(Markup.escape(refusal.message))</p>")
            return .html(page.text, status: refusal.status)
        }
    }

    private func paid(
        _ request: RawRequest, bank: BankManner
    ) async throws -> (session: StripeObject, refusal: StripeError?) {
        let isJSON = request.mediaType == "application/json"
        let parameters = try StripeParameters(isJSON ? [] : FormData.pairs(request.body))
        guard let card = try TestCard.named(by: parameters) ?? TestCard.find("pm_card_visa") else {
            throw StripeError.failed
        }
        let isDelayed = try parameters.flag("delayed") ?? false
        let bank = isDelayed ? .delays : bank
        let id = request.pathParameters["id"] ?? ""
        return try await database.transaction { tx in
            let work = StripeWork(tx: tx, now: clock.now)
            try await deadlines.apply(work, by: clock.settledNow)
            guard let session = try await store.lock(id, .checkoutSession, in: tx) else {
                throw StripeError.noSuch("checkout.session", id, parameter: "session", inPath: true)
            }
            return try await sessions.pay(session, card, bank: bank, work)
        }
    }
}
