import GuildhallClient
import ServiceKit
import SharedModels

/// `/gigs`: the board, with search and filters.
struct BoardPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/gigs", board)
    }

    @Sendable private func board(_ visit: Visit) async throws -> WebAnswer {
        var query = visit.queries("q", "sort", "cursor")
        query["limit"] = "20"
        var filters: Values = [
            "q": visit.query("q") ?? "", "least": visit.query("least") ?? "", "most": visit.query("most") ?? "",
        ]
        do {
            if let least = visit.query("least") { query["min_rate_cents"] = String(try cents(least, "least")) }
            if let most = visit.query("most") { query["max_rate_cents"] = String(try cents(most, "most")) }
            if query["sort"] == "relevance", query["q"] == nil { query["sort"] = nil }
            let list = try await visit.api.call(Endpoints.gigs.list, query: query)
            filters["sorts"] = sorts(chosen: visit.query("sort"))
            var values: Values = [
                "filters": filters, "gigs": list.gigs.map { GigCard.values($0, visit.display) },
                "isEmpty": list.gigs.isEmpty, "isSearch": !query.filter { $0.key != "limit" }.isEmpty,
            ]
            values["more"] = visit.more(list.nextCursor)
            return .page("board", "Gigs", values, place: "board")
        } catch let problem as FieldProblem {
            return refused(problem.issue.message.asSentence, filters, visit)
        } catch let refusal as GuildhallRefusal where refusal.status == 400 {
            return refused(refusal.sentence, filters, visit)
        }
    }

    private func refused(_ problem: String, _ filters: Values, _ visit: Visit) -> WebAnswer {
        let filters = filters.merging(["sorts": sorts(chosen: visit.query("sort")), "problem": problem]) { $1 }
        return .page("board", "Gigs", ["filters": filters], status: 400, place: "board")
    }

    private func cents(_ text: String, _ name: String) throws -> Int64 {
        guard let cents = Fields.cents(text) else {
            throw FieldProblem(name, "a rate must be an amount like 50 or 49.90")
        }
        return cents
    }

    private func sorts(chosen: String?) -> [Values] {
        let labels: [(GigSort, String)] = [
            (.newest, "Newest first"), (.oldest, "Oldest first"), (.dearest, "Highest rate"),
            (.cheapest, "Lowest rate"),
            (.relevance, "Best match"),
        ]
        return labels.map { ["value": $0.rawValue, "label": $1, "selected": $0.rawValue == (chosen ?? "newest")] }
    }
}

/// A gig as lists show it: the partial `gig-card`.
enum GigCard {
    /// One's own gigs, each with how many have applied.
    static func own(_ list: GigList, _ display: Display) -> [Values] {
        list.gigs.map { values($0, display, applicants: list.applicationCount(of: $0.id)) }
    }

    /// - Parameter count: Only the owner learns it.
    static func values(_ gig: GigView, _ display: Display, applicants count: GigApplicationCount? = nil) -> Values {
        var values: Values = [
            "address": "/gigs/\(gig.id)", "gigTitle": gig.title, "rate": display.rate(gig.rateCents),
            "posted": display.time(gig.createdAt), "status": Status.gig(gig.status),
        ]
        values["gigApplicants"] = count.map { applicants(to: gig, $0, display) }
        values["excerpt"] = (gig.description ?? gig.scope ?? "").beginning()
        return values
    }

    private static func applicants(to gig: GigView, _ count: GigApplicationCount, _ display: Display) -> Values {
        var values: Values = [
            "applicantsPage": "/gigs/\(gig.id)/applicants", "applicantsCount": applicants(count.total, display),
        ]
        values["undecidedCount"] = count.undecided == 0 ? nil : number(count.undecided, display)
        return values
    }

    /// `1 applicant`, `12 applicants`.
    static func applicants(_ count: Int, _ display: Display) -> String {
        count == 1 ? "1 applicant" : "\(number(count, display)) applicants"
    }

    private static func number(_ count: Int, _ display: Display) -> String {
        // No more are counted.
        display.number(Int64(count)) + (count == 1_000 ? " or more" : "")
    }
}

extension GigList {
    func applicationCount(of gig: GigID) -> GigApplicationCount? { applicationCounts?.first { $0.gigID == gig } }
}
