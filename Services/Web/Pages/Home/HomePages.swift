import GuildhallClient
import ServiceKit
import SharedModels

/// `/`: what this is for who is not signed in; what waits for who is.
struct HomePages: PageGroup {
    /// So many of one's gigs are looked into for new applicants.
    private static let gigs = 8
    /// So many of the things that wait are shown.
    private static let tasks = 20

    func register(on site: inout SiteMap) {
        site.open("/", home)
        site.post("/news/read", markRead)
    }

    @Sendable private func home(_ visit: Visit) async throws -> WebAnswer {
        guard visit.isSignedIn else {
            return .page("landing", "Guildhall, the freelance marketplace you host yourself")
        }
        let fifty = ["limit": "50"]
        async let contracts = visit.api.call(Endpoints.contracts.list, query: fifty)
        async let negotiations = visit.api.call(Endpoints.negotiations.list, query: fifty)
        async let disputes = visit.api.call(Endpoints.disputes.list, query: ["limit": "20"])
        async let notices = visit.api.call(Endpoints.feed.inbox, query: ["limit": "6"])
        let person = try await visit.person()
        async let own = person.userType == .client ? ownGigs(visit) : ownApplications(visit)

        let deals = try await contracts.contracts
        var waiting = try await disputes.disputes.compactMap { dispute -> Values? in
            guard Actions(dispute.nextActions, for: dispute.yourRole).has("respond") else { return nil }
            return Waiting.item(
                "Answer the dispute", dispute.gigTitle, "/disputes/\(dispute.id)", dispute.responseDeadline, visit)
        }
        if person.role == .admin { waiting += try await toDecide(disputes.disputes, visit) }
        waiting += deals.compactMap { Waiting.values($0, visit) }
        waiting += try await negotiations.negotiations.compactMap { Waiting.values($0, visit) }
        let mine = try await own
        waiting += mine.waiting
        let known = Dictionary(deals.map { ($0.negotiationID, $0) }) { first, _ in first }
        let open = try await negotiations.negotiations.filter {
            known[$0.id].map { !$0.status.isOver } ?? ($0.state != .expired)
        }
        var values: Values = [
            "name": person.displayName, "isClient": person.userType == .client,
            "waiting": Array(waiting.prefix(Self.tasks)), "isCalm": waiting.isEmpty,
            "others": max(0, waiting.count - Self.tasks), "hasOthers": waiting.count > Self.tasks,
            "deals": open.prefix(6).map { DealCard.values($0, known[$0.id], visit.display) }, "hasDeals": !open.isEmpty,
            "own": mine.shown, "hasOwn": !mine.shown.isEmpty,
        ]
        let news = try? await notices
        values["news"] = news?.notices.map {
            [
                "title": $0.title, "text": $0.text.beginning(300), "at": visit.display.time($0.createdAt),
                "unread": $0.readAt == nil,
            ]
                as Values
        }
        if let unread = news?.unread, unread > 0 {
            values["read"] = visit.button("Mark all as read", "/news/read", style: "quiet")
        }
        return .page("home", "Home", values, place: "home")
    }

    @Sendable private func markRead(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(Endpoints.feed.markRead, [:], idempotencyKey: visit.once)
        return .see("/")
    }

    /// What waits for admins: disputes that both have said their part to, or could have, and cases about money. Of cases
    /// nothing is said while payments is away.
    private func toDecide(_ disputes: [DisputeView], _ visit: Visit) async -> [Values] {
        let cases = try? await visit.api.call(Endpoints.escrowCases.list, query: ["status": "open", "limit": "20"])
        let ripe = disputes.filter { $0.yourRole == nil && ($0.status == .responded || $0.status == .underReview) }
        var waiting = ripe.map {
            Waiting.item("Decide the dispute", $0.gigTitle, "/admin/disputes/\($0.id)", nil, visit)
        }
        if let cases, !cases.cases.isEmpty {
            let count = "\(cases.cases.count)\(cases.nextCursor == nil ? "" : " and more")"
            waiting.append(
                Waiting.item("Look at cases about money", "\(count) open", "/admin/cases?status=open", nil, visit))
        }
        return waiting
    }

    /// One's own gigs, and which of them have applicants to look at.
    private func ownGigs(_ visit: Visit) async throws -> (waiting: [Values], shown: [Values]) {
        let gigs = try await visit.api.call(Endpoints.gigs.list, query: ["owner": "me", "limit": "20"]).gigs
        let open = gigs.filter { $0.status == .active }.prefix(Self.gigs)
        let counts = try await withThrowingTaskGroup(of: (GigID, Int, Bool).self) { group in
            for gig in open {
                group.addTask {
                    let list = try await visit.api.call(
                        Endpoints.applications.received, path: ["id": "\(gig.id)"],
                        query: ["status": "applied", "limit": "20"])
                    return (gig.id, list.applications.count, list.nextCursor != nil)
                }
            }
            return try await group.reduce(into: [GigID: (Int, Bool)]()) { $0[$1.0] = ($1.1, $1.2) }
        }
        var waiting: [Values] = []
        for gig in open {
            guard let (count, isMore) = counts[gig.id], count > 0 else { continue }
            let people = count == 1 ? "1 applicant" : "\(count)\(isMore ? " and more" : "") applicants"
            waiting.append(Waiting.item("Look at \(people)", gig.title, "/gigs/\(gig.id)/applicants", nil, visit))
        }
        for gig in gigs where gig.status == .draft {
            waiting.append(Waiting.item("Publish your draft", gig.title, "/gigs/\(gig.id)", nil, visit))
        }
        return (waiting, gigs.prefix(5).map { GigCard.values($0, visit.display) })
    }

    private func ownApplications(_ visit: Visit) async throws -> (waiting: [Values], shown: [Values]) {
        let list = try await visit.api.call(Endpoints.applications.mine, query: ["limit": "5"])
        return ([], list.applications.map { ApplicationCard.values($0, visit) })
    }
}
