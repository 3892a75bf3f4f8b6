import GuildhallClient
import ServiceKit
import SharedModels

/// `/gigs/{id}`: one gig, for its owner and for who may apply.
struct GigPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/gigs/{id}", show)
    }

    @Sendable private func show(_ visit: Visit) async throws -> WebAnswer {
        let gig = try await visit.api.call(Endpoints.gigs.get, path: visit.parts)
        let parts = Parts()
        async let asked = parts.part("who posted it") { try await self.owner(of: gig, visit) }
        let person = try await visit.person()
        let isOwn = gig.ownerUserID == person.userID
        async let applied = application(to: gig, isOwn || person.userType == .client ? nil : visit)
        let owner = try await asked ?? nil
        var values: Values = [
            "gigTitle": gig.title, "rate": visit.display.rate(gig.rateCents), "status": Status.gig(gig.status),
            "posted": visit.display.time(gig.createdAt),
        ]
        values["description"] = part(of: gig.description, "description", visit)
        values["scope"] = part(of: gig.scope, "scope", visit)
        values["owner"] = owner
        if isOwn {
            values["own"] = ownersPart(gig, visit)
        } else if let application = try await applied {
            values["application"] = ApplicationCard.values(application, visit)
                .merging(["message": application.message ?? ""]) { $1 }
        } else if Actions(gig.nextActions, for: .worker).has("apply"), person.userType == .freelancer {
            values["apply"] = "/gigs/\(gig.id)/apply"
        } else if person.userType == .client, gig.status == .active {
            values["isForFreelancers"] = true
        }
        return .page("gig", gig.title, values, place: isOwn ? "own-gigs" : "board", parts)
    }

    private func part(of text: String?, _ name: String, _ visit: Visit) -> Values? {
        guard let text, !text.isEmpty else { return nil }
        return visit.excerpt(text, name, 18_000)
    }

    private func ownersPart(_ gig: GigView, _ visit: Visit) -> Values {
        let path = "/gigs/\(gig.id)"
        var values: Values = ["applicants": "\(path)/applicants", "edit": "\(path)/edit"]
        switch gig.status {
        case .draft: values["publish"] = visit.button("Publish", "\(path)/publish")
        case .active: values["close"] = visit.button("Close", "\(path)/close", style: "quiet")
        case .closed: values["publish"] = visit.button("Open it again", "\(path)/publish", style: "quiet")
        }
        values["delete"] = visit.button("Delete", "\(path)/delete", style: "danger")
        return values
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

    /// The visitor's own application.
    private func application(to gig: GigView, _ visit: Visit?) async throws -> OwnApplication? {
        try await visit?.api.call(Endpoints.applications.mine, query: ["gig_id": "\(gig.id)"]).applications.first
    }
}
