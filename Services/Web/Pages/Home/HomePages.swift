import GuildhallClient
import ServiceKit
import SharedModels

/// `/`: what this is for who is not signed in; what waits for who is.
struct HomePages: PageGroup {
    /// So many of the things that wait are shown.
    private static let tasks = 20
    private static let waiting = ["waiting_for": "me", "limit": "20"]

    func register(on site: inout SiteMap) {
        site.open("/", home)
        site.post("/news/read", markRead)
    }

    @Sendable private func home(_ visit: Visit) async throws -> WebAnswer {
        guard visit.isSignedIn else {
            return .page("landing", "Guildhall, the freelance marketplace you host yourself")
        }
        let parts = Parts()
        async let asked = ownTasks(visit, parts)
        async let latest = parts.part("your deals") { try await Deals.page(visit, query: ["limit": "20"]) }
        async let notices = parts.part("the news") {
            try await visit.api.call(Endpoints.feed.inbox, query: ["limit": "6"])
        }
        let person = try await visit.person()
        async let gigs = person.userType == .client ? gigTasks(visit, parts) : Tasks()
        async let toDecide = person.role == .admin ? adminTasks(visit, parts) : Tasks()
        async let own = own(person.userType, visit, parts)

        let waiting = try await Tasks.all([toDecide, asked, gigs])
        let shown = waiting.list.prefix(Self.tasks)
        let open = try await latest?.deals.filter(\.isOpen) ?? []
        let (mine, news) = (try await own, try await notices)
        var values: Values = [
            "name": person.displayName, "isClient": person.userType == .client, "waiting": shown.map(\.values),
            // Nobody is told that nothing waits while that cannot be known.
            "isCalm": waiting.list.isEmpty && parts.missing == nil,
            "hasOthers": waiting.list.count > shown.count || waiting.hasMore,
            "deals": open.prefix(6).map { $0.card(visit.display) }, "hasDeals": !open.isEmpty,
            "own": mine, "hasOwn": !mine.isEmpty,
            "isNew": waiting.list.isEmpty && mine.isEmpty && open.isEmpty && parts.missing == nil,
        ]
        values["news"] = news?.notices.map {
            [
                "title": $0.title, "text": $0.text.beginning(300), "at": visit.display.time($0.createdAt),
                "unread": $0.readAt == nil,
            ] as Values
        }
        if let unread = news?.unread, unread > 0 {
            values["read"] = visit.button("Mark all as read", "/news/read", style: "quiet")
        }
        return .page("home", "Home", values, place: "home", parts)
    }

    @Sendable private func markRead(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(Endpoints.feed.markRead, [:], idempotencyKey: visit.once)
        return .see("/")
    }

    /// What waits in one's deals.
    private func ownTasks(_ visit: Visit, _ parts: Parts) async throws -> Tasks {
        async let contracts = parts.part("what waits in your deals") {
            try await visit.api.call(Endpoints.contracts.list, query: Self.waiting)
        }
        // Those with a contract have their task from it.
        async let new = parts.part("what waits in your deals") { try await talks(.pending, visit) }
        async let running = parts.part("what waits in your deals") { try await talks(.inProgress, visit) }
        let (signed, lists) = (try await contracts, try await [new, running].compactMap(\.self))
        return Tasks(
            (signed?.contracts ?? []).compactMap { Waiting.task($0, visit) }
                + lists.flatMap(\.negotiations).compactMap { Waiting.task($0, visit) },
            hasMore: signed?.nextCursor != nil || lists.contains { $0.nextCursor != nil })
    }

    private func talks(_ state: NegotiationState, _ visit: Visit) async throws -> NegotiationList {
        try await visit.api.call(
            Endpoints.negotiations.list, query: Self.waiting.merging(["state": state.rawValue]) { $1 })
    }

    /// What waits for admins: disputes that both have said their part to, or could have, and cases about money.
    private func adminTasks(_ visit: Visit, _ parts: Parts) async throws -> Tasks {
        async let cases = parts.part("cases about money") {
            try await visit.api.call(Endpoints.escrowCases.list, query: ["status": "open", "limit": "20"])
        }
        async let answered = parts.part("disputes") { try await disputes(.responded, visit) }
        async let overdue = parts.part("disputes") { try await disputes(.underReview, visit) }
        var tasks = try await [answered, overdue].flatMap { $0 ?? [] }.map {
            WaitingTask(0, "Decide the dispute", $0.gigTitle, "/admin/disputes/\($0.id)", visit)
        }
        if let cases = try await cases, !cases.cases.isEmpty {
            let count = "\(cases.cases.count)\(cases.nextCursor == nil ? "" : " and more")"
            tasks.append(
                WaitingTask(0, "Look at cases about money", "\(count) open", "/admin/cases?status=open", visit))
        }
        return Tasks(tasks, hasMore: false)
    }

    /// Those of others: an admin decides none of their own.
    private func disputes(_ state: DisputeStatus, _ visit: Visit) async throws -> [DisputeView] {
        try await visit.api.call(Endpoints.disputes.list, query: ["state": state.rawValue, "limit": "10"]).disputes
            .filter { $0.yourRole == nil && $0.status == state }
    }

    /// Which of one's gigs have applicants to look at, and drafts.
    private func gigTasks(_ visit: Visit, _ parts: Parts) async throws -> Tasks {
        try await parts.part("what waits in your gigs") {
            let list = try await visit.api.call(Endpoints.gigs.list, query: Self.waiting)
            let looks = list.gigs.filter { $0.status == .active }.map { gig in
                let count = list.applicationCount(of: gig.id)?.undecided ?? 0
                return WaitingTask(
                    Waiting.gigsRank, "Look at \(GigCard.applicants(count, visit.display))", gig.title,
                    "/gigs/\(gig.id)/applicants", visit)
            }
            let drafts = list.gigs.filter { $0.status == .draft }.map {
                WaitingTask(Waiting.gigsRank, "Publish your draft", $0.title, "/gigs/\($0.id)", visit)
            }
            return Tasks(looks + drafts, hasMore: list.nextCursor != nil)
        } ?? Tasks()
    }

    /// A client's latest gigs, a freelancer's latest applications.
    private func own(_ type: UserType, _ visit: Visit, _ parts: Parts) async throws -> [Values] {
        switch type {
        case .client:
            try await parts.part("your gigs") {
                let list = try await visit.api.call(Endpoints.gigs.list, query: ["owner": "me", "limit": "5"])
                return GigCard.own(list, visit.display)
            } ?? []
        case .freelancer:
            try await parts.part("your applications") {
                try await visit.api.call(Endpoints.applications.mine, query: ["limit": "5"]).applications
                    .map { ApplicationCard.values($0, visit) }
            } ?? []
        }
    }
}

/// What waits, the most urgent first.
private struct Tasks: Sendable {
    var list: [WaitingTask] = []
    /// Whether there is more than what was asked for.
    var hasMore = false

    init(_ list: [WaitingTask] = [], hasMore: Bool = false) { (self.list, self.hasMore) = (list, hasMore) }

    static func all(_ kinds: [Tasks]) -> Tasks {
        let list = kinds.flatMap(\.list).enumerated().sorted {
            ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
        }
        return Tasks(list.map(\.element), hasMore: kinds.contains(where: \.hasMore))
    }
}
