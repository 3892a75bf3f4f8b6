import GuildhallClient
import SharedModels

/// `/admin/names`: the categories and skills that jobs can have, one kind at a time.
struct NamePages: PageGroup {
    private enum Kind: String {
        case categories, skills
    }

    private struct Row {
        let id: String
        let name: String
        let isListed: Bool
    }

    func register(on site: inout SiteMap) {
        site.get("/admin/names") { visit in
            try await list(visit, visit.query("kind").flatMap(Kind.init) ?? .categories, nil)
        }
        site.post("/admin/names/{kind}", add)
        site.post("/admin/names/{kind}/{id}/{action}", change)
    }

    private func list(_ visit: Visit, _ kind: Kind, _ refused: Form?) async throws -> WebAnswer {
        let query = visit.queries("page", "search").merging(["limit": "50"]) { $1 }
        let (rows, total, page, pages) = try await rows(kind, query, visit)
        // A refused form has no search.
        let here = refused == nil ? visit.address(with: ["page": "\(page)"]) : Self.address(of: kind)
        var values: Values = [
            "isAboutSkills": kind == .skills, "kind": kind.rawValue, "search": visit.query("search") ?? "",
            "total": visit.display.number(Int64(total)), "isEmpty": rows.isEmpty,
            "names": rows.map { self.row(kind, $0, here, visit) },
            "add": (refused ?? Self.form(kind)).values(visit),
        ]
        if refused == nil, page < pages {
            values["more"] = ["address": visit.address(with: ["page": "\(page + 1)"])] as Values
        }
        return .page(
            "admin-names", "Categories and skills", values, status: refused == nil ? 200 : 422, place: "admin")
    }

    private func rows(
        _ kind: Kind, _ query: [String: String], _ visit: Visit
    ) async throws -> (rows: [Row], total: Int, page: Int, pages: Int) {
        switch kind {
        case .categories:
            let list = try await visit.api.call(Endpoints.categories.list, query: query)
            let rows = list.data.map { Row(id: "\($0._id.id)", name: $0.name, isListed: $0.isListed) }
            return (rows, list.total, list.currentPage, list.totalPages)
        case .skills:
            let list = try await visit.api.call(Endpoints.skills.list, query: query)
            let rows = list.data.map { Row(id: "\($0._id.id)", name: $0.name, isListed: $0.isListed) }
            return (rows, list.total, list.currentPage, list.totalPages)
        }
    }

    private func row(_ kind: Kind, _ row: Row, _ here: String, _ visit: Visit) -> Values {
        [
            "name": row.name,
            "state": row.isListed ? Status.values("Offered", .good) : Status.values("Not offered", .calm),
            "switch": visit.button(
                row.isListed ? "Withhold" : "Offer",
                "/admin/names/\(kind.rawValue)/\(row.id)/\(row.isListed ? "withhold" : "offer")", style: "quiet",
                back: here),
        ]
    }

    private static func address(of kind: Kind) -> String { "/admin/names?kind=\(kind.rawValue)" }

    private static func form(_ kind: Kind) -> Form {
        Form(
            "/admin/names/\(kind.rawValue)", submit: "Add",
            [
                Field(.text, "name", kind == .skills ? "New skill" : "New category").with { $0.isRequired = true }
            ])
    }

    @Sendable private func add(_ visit: Visit) async throws -> WebAnswer {
        guard let kind = Kind(rawValue: visit.part("kind")) else { throw NothingThere() }
        return try await visit.submit(Self.form(kind), again: { try await list(visit, kind, $0) }) {
            let body: JSONValue = ["name": .string(visit.fields.text("name") ?? "")]
            switch kind {
            case .skills: _ = try await visit.api.call(Endpoints.skills.add, body, idempotencyKey: visit.once)
            case .categories: _ = try await visit.api.call(Endpoints.categories.add, body, idempotencyKey: visit.once)
            }
            let name = visit.fields.text("name") ?? ""
            return .see("\(Self.address(of: kind))&search=\(name.percentEncoded)", .done("It is added."))
        }
    }

    @Sendable private func change(_ visit: Visit) async throws -> WebAnswer {
        let endpoints = [
            "skills offer": Endpoints.skills.offer, "skills withhold": Endpoints.skills.withhold,
            "categories offer": Endpoints.categories.offer, "categories withhold": Endpoints.categories.withhold,
        ]
        guard let endpoint = endpoints["\(visit.part("kind")) \(visit.part("action"))"] else { throw NothingThere() }
        let answer = try await visit.api.call(endpoint, path: ["id": visit.part("id")], idempotencyKey: visit.once)
        return .see(OwnPath.checked(visit.fields.text("back")), .done(answer.message))
    }
}
