import GuildhallClient
import ServiceKit
import SharedModels

/// `/gigs/{id}`: one gig.
struct GigPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/gigs/{id}", show)
    }

    @Sendable private func show(_ visit: Visit) async throws -> WebAnswer {
        let gig = try await visit.api.call(Endpoints.gigs.get, path: visit.parts)
        async let asked = owner(of: gig, visit)
        let person = try await visit.person()
        let owner = try await asked
        var values: Values = [
            "gigTitle": gig.title, "rate": visit.display.rate(gig.rateCents), "status": Status.gig(gig.status),
            "posted": visit.display.time(gig.createdAt), "isOwn": gig.ownerUserID == person.userID,
        ]
        values["description"] = gig.description
        values["scope"] = gig.scope
        values["owner"] = owner
        return .page("gig", gig.title, values, place: "board")
    }

    /// Who posted it; `nil` for who has left.
    private func owner(of gig: GigView, _ visit: Visit) async throws -> Values? {
        do {
            let profile = try await visit.api.call(Endpoints.profiles.get, path: ["userId": "\(gig.ownerUserID)"])
            return ["name": profile.displayName, "address": "/people/\(gig.ownerUserID)"]
        } catch let refusal as GuildhallRefusal where refusal.status == 404 {
            return nil
        }
    }
}
