import GuildhallClient
import ServiceKit
import SharedModels

/// `/gigs/{id}/applicants`: who applied to one's gig, side by side, and the first terms for one of them.
struct ApplicantPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/gigs/{id}/applicants", list)
        site.post("/gigs/{id}/applicants/{appId}", decide)
        site.get("/gigs/{id}/negotiate/{workerId}", terms)
        site.post("/gigs/{id}/negotiate/{workerId}", negotiate)
    }

    @Sendable private func list(_ visit: Visit) async throws -> WebAnswer {
        let id = ["id": visit.part("id")]
        async let asked = visit.api.call(
            Endpoints.applications.received, path: id,
            query: visit.queries("status", "cursor").merging(["limit": "12"]) { $1 })
        let parts = Parts()
        let gig = try await visit.api.call(Endpoints.gigs.get, path: id)
        let list = try await asked
        // With whom there is a deal, the gig has no more to decide about.
        let engaged = Set(list.applications.filter { $0.nextActions.isEmpty }.map(\.workerUserID))
        let talks =
            try await parts.part("the deals with these people") {
                try await self.talks(about: gig.id, with: engaged, visit)
            } ?? [:]
        var values: Values = [
            "gigTitle": gig.title, "gigAddress": "/gigs/\(gig.id)", "isEmpty": list.applications.isEmpty,
            "applicants": list.applications.map { card(of: $0, gig, talks[$0.workerUserID], visit) },
        ]
        values["more"] = visit.more(list.nextCursor)
        return .page("applicants", "Applicants", values, place: "own-gigs", parts)
    }

    /// The negotiations about a gig with these people, looked for among all of one's own, the newest first.
    private func talks(
        about gig: GigID, with people: Set<AccountID>, _ visit: Visit
    ) async throws -> [AccountID: NegotiationView] {
        var (found, query) = ([AccountID: NegotiationView](), ["limit": "100"])
        while !people.isSubset(of: found.keys) {
            let page = try await visit.api.call(Endpoints.negotiations.list, query: query)
            for talk in page.negotiations where talk.gigID == gig && talk.state != .expired {
                found[talk.workerUserID] = found[talk.workerUserID] ?? talk
            }
            guard let cursor = page.nextCursor else { break }
            query["cursor"] = cursor
        }
        return found
    }

    private func card(
        of application: ReceivedApplication, _ gig: GigView, _ talk: NegotiationView?, _ visit: Visit
    ) -> Values {
        let profile = application.workerProfile
        let actions = Actions(application.nextActions, for: .client)
        let address = "/gigs/\(gig.id)/applicants/\(application.id)"
        func decision(_ label: String, _ status: ApplicationStatus, _ style: String) -> Values {
            var form = Form(address, submit: label, [Field(.hidden, "status", "").with { $0.value = status.rawValue }])
            form.back = visit.request.path
            form.style = style
            return form.values(visit)
        }
        var values: Values = [
            "name": profile.displayName, "address": "/people/\(application.workerUserID)",
            "score": profile.ghostScore, "skills": Array(profile.skills.prefix(8)),
            "hasSkills": !profile.skills.isEmpty,
            "vouches": profile.vouchedBy.count, "status": Status.application(application.status),
            "applied": visit.display.time(application.createdAt),
            "message": visit.excerpt(application.message, "\(application.id)", 800).merging(["isQuote": true]) { $1 },
            "bio": (profile.bio ?? "").beginning(), "github": profile.githubUsername ?? "",
        ]
        if actions.has("shortlist") { values["shortlist"] = decision("Shortlist", .shortlisted, "primary") }
        if actions.has("negotiate") { values["negotiate"] = "/gigs/\(gig.id)/negotiate/\(application.workerUserID)" }
        if actions.has("reject") { values["reject"] = decision("Turn down", .rejected, "quiet") }
        if let talk {
            values["deal"] = talk.contractID.map { "/contracts/\($0)" } ?? "/negotiations/\(talk.id)"
        }
        return values
    }

    @Sendable private func decide(_ visit: Visit) async throws -> WebAnswer {
        let status = visit.fields.text("status") ?? ""
        _ = try await visit.api.call(
            Endpoints.applications.update, ["status": .string(status)], path: visit.parts, idempotencyKey: visit.once)
        return .see(
            "/gigs/\(visit.part("id").percentEncoded)/applicants",
            .done(status == "shortlisted" ? "They are on your shortlist." : "They are turned down."))
    }

    @Sendable private func terms(_ visit: Visit) async throws -> WebAnswer {
        let gig = try await visit.api.call(Endpoints.gigs.get, path: ["id": visit.part("id")])
        return page(visit, form(visit, rate: gig.rateCents))
    }

    @Sendable private func negotiate(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(form(visit, rate: nil), again: { page(visit, $0) }) {
            let body: [JSONMember] =
                [
                    JSONMember("gig_id", .string(visit.part("id"))),
                    JSONMember("worker_user_id", .string(visit.part("workerId"))),
                ] + (try TermsForm.members(visit.fields))
            let negotiation = try await visit.api.call(
                Endpoints.negotiations.negotiate, .object(body), idempotencyKey: visit.once)
            return .see("/negotiations/\(negotiation.id)", .done("Your terms are with them."))
        }
    }

    private func form(_ visit: Visit, rate: Int64?) -> Form {
        Form(
            "/gigs/\(visit.part("id").percentEncoded)/negotiate/\(visit.part("workerId").percentEncoded)",
            submit: "Propose these terms", TermsForm.fields(TermsInput(rateCents: rate)))
    }

    private func page(_ visit: Visit, _ form: Form) -> WebAnswer {
        visit.formPage(
            "Propose the first terms", form,
            lead: "The first milestone will be the rate times the hours of a week. You have three rounds between you.",
            back: ("/gigs/\(visit.part("id").percentEncoded)/applicants", "Applicants"), place: "own-gigs")
    }
}
