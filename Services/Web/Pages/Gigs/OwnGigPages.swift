import GuildhallClient
import SharedModels

/// One's own gigs: posted, changed, published, closed, deleted.
struct OwnGigPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/gigs/mine", mine)
        site.get("/gigs/new") { form($0, Self.form("/gigs/new", "Save"), "Post a gig") }
        site.post("/gigs/new", create)
        site.get("/gigs/{id}/edit", edit)
        site.post("/gigs/{id}/edit", change)
        site.post("/gigs/{id}/publish") { try await set($0, .active, "Your gig is open for applications.") }
        site.post("/gigs/{id}/close") { try await set($0, .closed, "The gig is closed.") }
        site.post("/gigs/{id}/delete", delete)
    }

    @Sendable private func mine(_ visit: Visit) async throws -> WebAnswer {
        let isWaiting = visit.query("show") == "waiting"
        let list = try await visit.api.call(
            Endpoints.gigs.list,
            query: visit.queries("cursor").merging([isWaiting ? "waiting_for" : "owner": "me", "limit": "20"]) { $1 })
        var values: Values = [
            "gigs": GigCard.own(list, visit.display), "isEmpty": list.gigs.isEmpty,
            "isWaitingOnly": isWaiting,
        ]
        values["more"] = visit.more(list.nextCursor)
        return .page("own-gigs", "Your gigs", values, place: "own-gigs")
    }

    private static func form(_ action: String, _ submit: String, _ gig: GigView? = nil) -> Form {
        var form = Form(
            action, submit: submit,
            [
                Field(.text, "title", "Title").with {
                    $0.isRequired = true
                    $0.most = 200
                    $0.value = gig?.title ?? ""
                    $0.hint = "What is to be done, in one line."
                },
                Field(.area, "description", "Description").with {
                    $0.value = gig?.description ?? ""
                    $0.hint = "What it is about, and what you expect."
                },
                Field(.area, "scope", "Scope").with {
                    $0.value = gig?.scope ?? ""
                    $0.hint = "What will be handed over, and what is not part of it."
                },
                Field(.money, "rate", "Rate by the hour").with {
                    $0.member = "rate_cents"
                    $0.value = gig?.rateCents.map(Fields.typed) ?? ""
                    $0.hint = "US dollars; 0 for volunteer work. It can be negotiated."
                },
            ])
        if gig == nil {
            form.fields.append(
                Field(.check, "publish", "Publish at once").with {
                    $0.value = "yes"
                    $0.hint = "Otherwise it is a draft that only you see."
                })
        }
        return form
    }

    private func form(_ visit: Visit, _ form: Form, _ title: String) -> WebAnswer {
        visit.formPage(title, form, back: ("/gigs/mine", "Your gigs"), place: "own-gigs")
    }

    @Sendable private func create(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.form("/gigs/new", "Save"), again: { form(visit, $0, "Post a gig") }) {
            let isPublished = visit.fields.text("publish") != nil
            var body = try members(visit)
            body.append(JSONMember("status", .string(isPublished ? "active" : "draft")))
            let gig = try await visit.api.call(
                Endpoints.gigs.create, .object(body), idempotencyKey: visit.once)
            return .see(
                "/gigs/\(gig.id)", .done(isPublished ? "Your gig is open for applications." : "Your draft is saved."))
        }
    }

    @Sendable private func edit(_ visit: Visit) async throws -> WebAnswer {
        let gig = try await visit.api.call(Endpoints.gigs.get, path: visit.parts)
        return form(visit, Self.form("/gigs/\(gig.id)/edit", "Save", gig), "Change the gig")
    }

    @Sendable private func change(_ visit: Visit) async throws -> WebAnswer {
        let path = "/gigs/\(visit.part("id").percentEncoded)"
        let empty = Self.form("\(path)/edit", "Save").without("publish")
        return try await visit.submit(empty, again: { form(visit, $0, "Change the gig") }) {
            _ = try await visit.api.call(
                Endpoints.gigs.update, .object(try members(visit)), path: visit.parts, idempotencyKey: visit.once)
            return .see(path, .done("The gig is changed."))
        }
    }

    private func members(_ visit: Visit) throws -> [JSONMember] {
        let fields = visit.fields
        return [
            JSONMember("title", .string(fields.text("title") ?? "")),
            JSONMember("description", fields.text("description").map { .string($0) } ?? .null),
            JSONMember("scope", fields.text("scope").map { .string($0) } ?? .null),
            JSONMember("rate_cents", try fields.cents("rate").map { .integer($0) } ?? .null),
        ]
    }

    private func set(_ visit: Visit, _ status: GigStatus, _ words: String) async throws -> WebAnswer {
        let gig = try await visit.api.call(
            Endpoints.gigs.update, ["status": .string(status.rawValue)], path: visit.parts, idempotencyKey: visit.once)
        return .see("/gigs/\(gig.id)", .done(words))
    }

    @Sendable private func delete(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(Endpoints.gigs.delete, path: visit.parts, idempotencyKey: visit.once)
        return .see("/gigs/mine", .done("The gig is deleted."))
    }
}
