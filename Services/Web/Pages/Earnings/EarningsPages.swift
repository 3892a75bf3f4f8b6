import Foundation
import GuildhallClient
import SharedModels

/// `/earnings`: what a freelancer has earned, by month; and a payout as a page to print.
struct EarningsPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/earnings", earnings)
        site.get("/contracts/{id}/payouts/{milestoneId}", payout)
    }

    @Sendable private func earnings(_ visit: Visit) async throws -> WebAnswer {
        let (contracts, isCut) = try await contracts(visit)
        let own = contracts.filter { $0.yourRole == .worker }
        let display = visit.display
        var released: [(contract: ContractView, milestone: MilestoneView, at: Timestamp)] = []
        var (held, sum): (Int64, Int64) = (0, 0)
        for contract in own {
            for milestone in contract.milestones {
                if let at = milestone.releasedAt {
                    released.append((contract, milestone, at))
                    sum += milestone.amountCents
                } else if contract.status == .active, milestone.status != .pending {
                    held += milestone.amountCents
                }
            }
        }
        released.sort { $0.at > $1.at }
        var values: Values = ["total": display.money(sum), "held": display.money(held), "count": released.count]
        let bars = released.map { (at: $0.at, cents: $0.milestone.amountCents) }
        values["chart"] = MonthChart("Released by month", bars, display).values
        values["isEmpty"] = released.isEmpty
        values["isCut"] = isCut
        values["payouts"] = released.prefix(50).map { row($0.contract, $0.milestone, display) }
        return .page("earnings", "Earnings", values, place: "earnings")
    }

    /// The latest 200 contracts. An answer with more of them than fifty could be longer than the client reads.
    private func contracts(_ visit: Visit) async throws -> (found: [ContractView], isCut: Bool) {
        var (found, query) = ([ContractView](), ["limit": "50"])
        for _ in 0..<4 {
            let page = try await visit.api.call(Endpoints.contracts.list, query: query)
            found += page.contracts
            guard let cursor = page.nextCursor else { return (found, false) }
            query["cursor"] = cursor
        }
        return (found, true)
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
