import GuildhallClient
import SharedModels

/// `/applications`: one's own, and `/gigs/{id}/apply`.
struct ApplicationPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/applications", mine)
        site.post("/applications/{id}/withdraw", withdraw)
        site.get("/gigs/{id}/apply") { page($0, Self.form($0)) }
        site.post("/gigs/{id}/apply", apply)
    }

    @Sendable private func mine(_ visit: Visit) async throws -> WebAnswer {
        let list = try await visit.api.call(
            Endpoints.applications.mine, query: visit.queries("status", "cursor").merging(["limit": "20"]) { $1 })
        var values: Values = [
            "applications": list.applications.map { ApplicationCard.values($0, visit) },
            "isEmpty": list.applications.isEmpty,
        ]
        values["more"] = visit.more(list.nextCursor)
        return .page("applications", "Your applications", values, place: "applications")
    }

    @Sendable private func withdraw(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(Endpoints.applications.withdraw, path: visit.parts, idempotencyKey: visit.once)
        return .see("/applications", .done("The application is withdrawn."))
    }

    private static func form(_ visit: Visit) -> Form {
        Form(
            "/gigs/\(visit.part("id").percentEncoded)/apply", submit: "Apply",
            [
                Field(.area, "message", "A word to the client").with {
                    $0.most = 5000
                    $0.hint = "Why you, and what you would do first. Your profile is shown beside it."
                }
            ])
    }

    private func page(_ visit: Visit, _ form: Form) -> WebAnswer {
        visit.formPage(
            "Apply", form, back: ("/gigs/\(visit.part("id").percentEncoded)", "The gig"), place: "board")
    }

    @Sendable private func apply(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.form(visit), again: { page(visit, $0) }) {
            let members = visit.fields.text("message").map { [JSONMember("message", .string($0))] } ?? []
            _ = try await visit.api.call(
                Endpoints.gigs.apply, .object(members), path: visit.parts, idempotencyKey: visit.once)
            return .see("/gigs/\(visit.part("id").percentEncoded)", .done("You have applied. The client decides now."))
        }
    }
}

/// One's own application as lists show it: the partial `application-card`.
enum ApplicationCard {
    static func values(_ application: OwnApplication, _ visit: Visit) -> Values {
        var values: Values = [
            "gigTitle": application.gigTitle, "gigAddress": "/gigs/\(application.gigID)",
            "status": Status.application(application.status), "applied": visit.display.time(application.createdAt),
            "message": (application.message ?? "").beginning(),
        ]
        if let talk = application.negotiation {
            values["talk"] = Status.negotiation(talk.state)
        }
        values["deal"] = application.negotiationID.map { "/negotiations/\($0)" }
        if Actions(application.nextActions, for: .worker).has("withdraw") {
            // Who was turned down has nothing to take back, and may not want to see it any more.
            let label = application.status == .rejected ? "Remove" : "Withdraw"
            values["withdraw"] = visit.button(label, "/applications/\(application.id)/withdraw", style: "quiet")
        }
        return values
    }
}
