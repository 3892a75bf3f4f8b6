import GuildhallClient
import SharedModels

/// `/people`: freelancers and clients, found by name, skills and place.
struct PeoplePages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/people", list)
    }

    @Sendable private func list(_ visit: Visit) async throws -> WebAnswer {
        let isAboutClients = visit.query("role") == "client"
        let asked = ["name", "skills", "location"]
        var filters: Values = ["isAboutClients": isAboutClients]
        for name in asked { filters[name] = visit.query(name) ?? "" }
        var values: Values = [
            "freelancers": visit.address(with: ["role": nil, "page": nil]),
            "clients": visit.address(with: ["role": "client", "page": nil]), "isAboutClients": isAboutClients,
        ]
        do {
            var query = visit.queries("name", "skills", "location", "page").merging(["limit": "20"]) { $1 }
            query["user_type"] = (isAboutClients ? UserType.client : .freelancer).rawValue
            let list = try await visit.api.call(Endpoints.talentProfiles.list, query: query)
            values["people"] = list.profiles.map { Self.card($0, visit) }
            values["isEmpty"] = list.profiles.isEmpty
            values["isSearch"] = asked.contains { visit.query($0) != nil }
            values["total"] = visit.display.number(Int64(list.pagination.total))
            if list.pagination.page < list.pagination.totalPages {
                values["more"] = ["address": visit.address(with: ["page": "\(list.pagination.page + 1)"])] as Values
            }
        } catch let refusal as GuildhallRefusal where [400, 422].contains(refusal.status) {
            filters["problem"] = refusal.sentence
        }
        values["filters"] = filters
        return .page(
            "people", isAboutClients ? "Clients" : "Freelancers", values,
            status: filters["problem"] == nil ? 200 : 400, place: "people")
    }

    private static func card(_ profile: TalentProfile, _ visit: Visit) -> Values {
        var values: Values = [
            "name": profile.name, "address": "/people/\(profile.id.id)", "bio": (profile.bio ?? "").beginning(),
            "headline": (profile.title ?? "").beginning(100), "skills": profile.skills.prefix(8).map(\.name),
            "hasSkills": !profile.skills.isEmpty,
        ]
        values["picture"] = profile.avatar.flatMap { Picture.own($0, visit) }
        let facts = [
            profile.location?.beginning(80), profile.remoteWork ? "works remotely" : nil,
            profile.experienceYears.map { $0 == 1 ? "1 year of experience" : "\($0) years of experience" },
        ].compactMap(\.self)
        values["facts"] = facts.isEmpty ? nil : facts.joined(separator: " · ")
        return values
    }
}
