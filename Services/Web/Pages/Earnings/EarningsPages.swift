import Foundation
import GuildhallClient
import SharedModels

/// `/earnings`: what a freelancer has earned, by month; and a payout as a page to print.
struct EarningsPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/earnings", earnings)
        site.get("/contracts/{id}/payouts/{milestoneId}", payout)
    }

    /// So many pages of fifty deals are counted. An answer with more than fifty could be longer than the client reads.
    private static let pages = 40

    @Sendable private func earnings(_ visit: Visit) async throws -> WebAnswer {
        let earned = try await earned(visit)
        let display = visit.display
        var values: Values = [
            "total": display.money(earned.sum), "held": display.money(earned.held), "count": earned.bars.count,
        ]
        values["chart"] = MonthChart("Released by month", earned.bars, display).values
        values["isEmpty"] = earned.bars.isEmpty
        values["cut"] = earned.isCut ? (Self.pages * 50).formatted(.number.locale(display.locale)) : nil
        values["payouts"] = earned.latest.map { row($0.contract, $0.milestone, display) }
        return .page("earnings", "Earnings", values, place: "earnings")
    }

    /// Counts page by page, so that not all deals are in memory at once.
    private func earned(_ visit: Visit) async throws -> Earned {
        var (earned, query) = (Earned(), ["limit": "50"])
        for _ in 0..<Self.pages {
            let page = try await visit.api.call(Endpoints.contracts.list, query: query)
            earned.count(page.contracts)
            guard let cursor = page.nextCursor else { return earned }
            query["cursor"] = cursor
        }
        earned.isCut = true
        return earned
    }

    private func row(_ contract: ContractView, _ milestone: MilestoneView, _ display: Display) -> Values {
        [
            "milestoneTitle": milestone.title, "gigTitle": contract.gigTitle, "deal": "/contracts/\(contract.id)",
            "amount": display.money(milestone.amountCents),
            "released": milestone.releasedAt.map { display.day($0) } ?? "",
            "leaves": milestone.payoutAt.map { display.day($0) } ?? "",
            "address": "/contracts/\(contract.id)/payouts/\(milestone.id)",
        ]
    }

    @Sendable private func payout(_ visit: Visit) async throws -> WebAnswer {
        let contract = try await visit.api.call(Endpoints.contracts.get, path: ["id": visit.part("id")])
        guard let milestone = contract.milestones.first(where: { "\($0.id)" == visit.part("milestoneId") }),
            milestone.status == .released
        else { throw NothingThere() }
        let parts = Parts()
        async let postings = parts.part("Guildhall's fee") {
            try await visit.api.call(Endpoints.contracts.ledger, path: ["id": visit.part("id")])
        }
        async let client = visit.name(of: contract.clientUserID, parts)
        let worker = try await visit.name(of: contract.workerUserID, parts) ?? Self.gone
        let display = visit.display
        var values: Values = [
            "milestoneTitle": milestone.title, "gigTitle": contract.gigTitle, "worker": worker,
            "client": try await client ?? Self.gone,
            "amount": display.money(milestone.amountCents), "number": "\(milestone.id)",
            "released": milestone.releasedAt.map(display.full) ?? "",
            "leaves": milestone.payoutAt.map(display.full) ?? "",
            "deal": "/contracts/\(contract.id)",
        ]
        // The books name no milestones. With one of them paid they are about that one.
        if let ledger = try await postings, contract.milestones.count(where: { $0.status == .released }) == 1 {
            let fee = ledger.entries.filter { $0.account.hasPrefix("revenue") }.map(\.amountMinor).reduce(0, +)
            values["fee"] = display.money(fee)
            values["net"] = display.money(milestone.amountCents - fee)
        }
        return .page("payout", "Payout", values, place: "earnings", parts)
    }

    private static let gone = "Somebody who has left"
}

/// What a freelancer has earned with the deals that were counted.
private struct Earned {
    private(set) var sum: Int64 = 0
    /// What the clients have put in for work that is not released yet.
    private(set) var held: Int64 = 0
    private(set) var bars: [(at: Timestamp, cents: Int64)] = []
    /// The fifty milestones that were released last.
    private(set) var latest: [(contract: ContractView, milestone: MilestoneView, at: Timestamp)] = []
    /// Whether there are more deals than were counted.
    var isCut = false

    mutating func count(_ contracts: [ContractView]) {
        for contract in contracts where contract.yourRole == .worker {
            for milestone in contract.milestones {
                if let at = milestone.releasedAt {
                    sum += milestone.amountCents
                    bars.append((at, milestone.amountCents))
                    latest.append((contract, milestone, at))
                } else if contract.status == .active, milestone.status != .pending {
                    held += milestone.amountCents
                }
            }
        }
        latest = Array(latest.sorted { $0.at > $1.at }.prefix(50))
    }
}
