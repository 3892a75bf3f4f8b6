import GuildhallClient
import SharedModels

/// `/admin/names`: the categories and skills that jobs can have.
struct NamePages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/admin/names") { try await list($0, nil) }
        site.post("/admin/names/{kind}", add)
        site.post("/admin/names/{kind}/{id}/{action}", change)
    }

    private func list(_ visit: Visit, _ refused: (kind: String, form: Form)?) async throws -> WebAnswer {
        async let skills = visit.api.call(Endpoints.skills.list)
        let categories = try await visit.api.call(Endpoints.categories.list)
        func form(_ kind: String) -> Values {
            let shown = refused.flatMap { $0.kind == kind ? $0.form : nil } ?? Self.form(kind)
            return shown.values(visit)
        }
        let values: Values = [
            "categories": categories.data.map { row("categories", "\($0._id.id)", $0.name, $0.isListed, visit) },
            "skills": try await skills.data.map { row("skills", "\($0._id.id)", $0.name, $0.isListed, visit) },
            "addCategory": form("categories"), "addSkill": form("skills"),
        ]
        return .page(
            "admin-names", "Categories and skills", values, status: refused == nil ? 200 : 422, place: "admin")
    }

    private func row(_ kind: String, _ id: String, _ name: String, _ isListed: Bool, _ visit: Visit) -> Values {
        [
            "name": name, "state": isListed ? Status.values("Offered", .good) : Status.values("Not offered", .calm),
            "switch": visit.button(
                isListed ? "Withhold" : "Offer", "/admin/names/\(kind)/\(id)/\(isListed ? "withhold" : "offer")",
                style: "quiet"),
        ]
    }

    private static func form(_ kind: String) -> Form {
        Form(
            "/admin/names/\(kind)", submit: "Add",
            [
                Field(.text, "name-\(kind)", kind == "skills" ? "New skill" : "New category").with {
                    $0.member = "name"
                    $0.isRequired = true
                }
            ])
    }

    @Sendable private func add(_ visit: Visit) async throws -> WebAnswer {
        let kind = visit.part("kind")
        guard kind == "skills" || kind == "categories" else { throw NothingThere() }
        return try await visit.submit(Self.form(kind), again: { try await list(visit, (kind, $0)) }) {
            let body: JSONValue = ["name": .string(visit.fields.text("name-\(kind)") ?? "")]
            if kind == "skills" {
                _ = try await visit.api.call(Endpoints.skills.add, body, idempotencyKey: visit.once)
            } else {
                _ = try await visit.api.call(Endpoints.categories.add, body, idempotencyKey: visit.once)
            }
            return .see("/admin/names", .done("It is added."))
        }
    }

    @Sendable private func change(_ visit: Visit) async throws -> WebAnswer {
        let endpoints = [
            "skills offer": Endpoints.skills.offer, "skills withhold": Endpoints.skills.withhold,
            "categories offer": Endpoints.categories.offer, "categories withhold": Endpoints.categories.withhold,
        ]
        guard let endpoint = endpoints["\(visit.part("kind")) \(visit.part("action"))"] else { throw NothingThere() }
        let answer = try await visit.api.call(endpoint, path: ["id": visit.part("id")], idempotencyKey: visit.once)
        return .see("/admin/names", .done(answer.message))
    }
}
