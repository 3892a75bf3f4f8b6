import GuildhallClient
import OutboundHTTP
import ServiceKit
import SharedModels

/// `/contracts/{id}/milestones/{milestoneId}/fund`: the client puts a milestone's money in.
///
/// The card never comes here: the browser gives it to Stripe, with the secret that the API answered. At the sandbox a click
/// stands for a test card.
struct FundingPages: PageGroup {
    /// The cards that a click can stand for, and what becomes of each.
    private static let cards = [
        (id: "pm_card_visa", label: "Pay with a test card", style: "primary"),
        (id: "pm_card_chargeDeclined", label: "Try a card that is declined", style: "quiet"),
    ]

    func register(on site: inout SiteMap) {
        let one = "/contracts/{id}/milestones/{milestoneId}"
        site.get("\(one)/fund", show)
        site.post("\(one)/fund", fund)
        site.post("\(one)/test-card", testCard)
    }

    private static func path(_ visit: Visit, _ action: String) -> String {
        "\(ContractPages.path(visit))/milestones/\(visit.part("milestoneId").percentEncoded)/\(action)"
    }

    @Sendable private func show(_ visit: Visit) async throws -> WebAnswer {
        var values = try await milestone(visit)
        values["begin"] = Form(Self.path(visit, "fund"), submit: "Go on to the payment").values(visit)
        return .page("fund", "Put the money in", values, place: "deals")
    }

    private func milestone(_ visit: Visit) async throws -> Values {
        let contract = try await visit.api.call(Endpoints.contracts.get, path: ["id": visit.part("id")])
        guard let milestone = contract.milestones.first(where: { "\($0.id)" == visit.part("milestoneId") }) else {
            throw NothingThere()
        }
        return [
            "gigTitle": contract.gigTitle, "milestoneTitle": milestone.title,
            "amount": visit.display.money(milestone.amountCents), "deal": "/contracts/\(contract.id)",
        ]
    }

    @Sendable private func fund(_ visit: Visit) async throws -> WebAnswer {
        let funding = try await visit.api.call(Endpoints.contracts.fund, path: visit.parts, idempotencyKey: visit.once)
        let deal = ContractPages.path(visit)
        guard let secret = funding.clientSecret, let intent = funding.paymentIntentID else {
            return .see(deal, .done("The money is in place."))
        }
        let values = try await milestone(visit)
        var page = WebPage("fund", "Pay", values, place: "deals")
        if visit.sandbox == nil {
            if let key = funding.publishableKey {
                page.values["pay"] = ["key": key, "secret": secret, "return": deal] as Values
                page.showsStripe = true
            } else {
                page.values["unavailable"] = "This installation takes no cards on its pages. Use the API to pay."
            }
        } else {
            page.values["cards"] = Self.cards.map { card in
                var form = Form(
                    Self.path(visit, "test-card"), submit: card.label,
                    [
                        Field(.hidden, "card", "").with { $0.value = card.id },
                        Field(.hidden, "intent", "").with { $0.value = intent },
                        Field(.hidden, "secret", "").with { $0.value = secret },
                    ])
                form.style = card.style
                form.back = Self.path(visit, "fund")
                return form.values(visit)
            }
        }
        return .page(page)
    }

    /// Does what Stripe.js does in a browser: confirms with the secret, and with a key that everybody may know.
    @Sendable private func testCard(_ visit: Visit) async throws -> WebAnswer {
        guard let sandbox = visit.sandbox, let intent = visit.fields.text("intent"), Self.isToken(intent) else {
            return .page(Site.refusal(404, "There is no sandbox here."))
        }
        let body = FormEncoding.encode([
            ("key", "pk_test_sandbox"), ("client_secret", visit.fields.text("secret") ?? ""),
            ("payment_method", visit.fields.text("card") ?? ""),
        ])
        let answer = try await sandbox.http.send(
            OutboundRequest(
                .post, "\(sandbox.url)/stripe/v1/payment_intents/\(intent)/confirm",
                headers: [("Content-Type", "application/x-www-form-urlencoded")], body: body), .service)
        guard answer.status == 200 else {
            // An answer in another form brings no words.
            let words = (try? JSONValue.parse(answer.body, leniently: true))?["error"]?["message"]?.string
            return .see(Self.path(visit, "fund"), .failed(words ?? "The card was not accepted."))
        }
        // Payments looks at the provider when it is asked again.
        let funding = try await visit.api.call(Endpoints.contracts.fund, path: visit.parts)
        return .see(
            ContractPages.path(visit),
            .done(funding.status == .funded ? "The money is held. Work can begin." : "The payment is on its way."))
    }

    private static func isToken(_ text: String) -> Bool {
        text.utf8.count <= 255 && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") }
    }
}
