import GuildhallClient
import ServiceKit
import SharedModels

/// `/people/{userId}`: somebody's profile with reviews, vouches and repositories.
struct ProfilePages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/people/{userId}", show)
        site.post("/people/{userId}/vouch", vouch)
    }

    @Sendable private func show(_ visit: Visit) async throws -> WebAnswer {
        let parts = Parts()
        async let reviews = parts.part("reviews") {
            try await visit.api.call(
                Endpoints.reviews.list, path: visit.parts,
                query: visit.queries("cursor").merging(["limit": "10"]) { $1 })
        }
        async let repositories = repositories(visit)
        async let picture = AccountID(visit.part("userId")).asyncMap { await Picture.address(of: $0, visit) }
        let profile = try await visit.api.call(Endpoints.profiles.get, path: visit.parts)
        let person = try await visit.person()
        let said = try await reviews
        let isOwn = profile.userID == person.userID
        var values: Values = [
            "name": profile.displayName, "skills": profile.skills, "hasSkills": !profile.skills.isEmpty,
            "score": profile.ghostScore, "isOwn": isOwn,
            "vouchers": profile.vouchedBy.map {
                ["name": $0.displayName, "address": "/people/\($0.userID)"] as Values
            },
            "hasVouchers": !profile.vouchedBy.isEmpty, "hasReviews": said?.reviews.isEmpty == false,
            "reviews": (said?.reviews ?? []).map { ReviewCard.values($0, visit) }, "areReviewsKnown": said != nil,
        ]
        values["bio"] = profile.bio
        values["website"] = profile.portfolioWebsiteURL.flatMap(WebURL.init)?.text
        values["resume"] = profile.resumeURL.flatMap(WebURL.init)?.text
        values["github"] = profile.githubUsername.map { name in
            ["name": name, "address": profile.githubProfileURL.flatMap(WebURL.init)?.text ?? ""] as Values
        }
        values["more"] = visit.more(said?.nextCursor)
        values["repositories"] = await repositories
        values["picture"] = await picture
        if !isOwn, !profile.vouchedBy.contains(where: { $0.userID == person.userID }) {
            values["vouch"] = visit.button(
                "Vouch for \(profile.displayName)", "/people/\(profile.userID)/vouch", style: "quiet")
        }
        return .page("profile", profile.displayName, values, parts)
    }

    @Sendable private func vouch(_ visit: Visit) async throws -> WebAnswer {
        let id = visit.part("userId")
        _ = try await visit.api.call(
            Endpoints.vouches.create, ["vouched_user_id": .string(id)], idempotencyKey: visit.once)
        return .see("/people/\(id)", .done("You vouch for them."))
    }

    /// `nil` when there are none, or GitHub does not tell: the profile is worth showing without.
    private func repositories(_ visit: Visit) async -> [Values]? {
        let list = try? await visit.api.call(
            Endpoints.repositories.list, path: visit.parts, query: ["per_page": "6"])
        guard let list, !list.repos.isEmpty else { return nil }
        return list.repos.map {
            [
                "name": $0.name, "address": WebURL($0.htmlURL)?.text ?? "", "about": ($0.description ?? "").beginning(),
                "language": $0.language ?? "", "stars": visit.display.number($0.stargazersCount),
            ]
        }
    }
}

/// A review as profiles show it: the partial `review-card`.
enum ReviewCard {
    static func values(_ review: ReviewView, _ visit: Visit) -> Values {
        [
            "rating": review.rating, "stars": String(repeating: "★", count: review.rating),
            "lacking": String(repeating: "☆", count: max(0, 5 - review.rating)),
            "text": visit.excerpt(review.reviewText, "\(review.id)", 500), "gigTitle": review.gigTitle,
            "reviewer": "/people/\(review.reviewerUserID)",
            "role": review.reviewerRole == .client ? "client" : "freelancer",
            "when": visit.display.time(review.publishedAt ?? review.createdAt),
        ]
    }
}
