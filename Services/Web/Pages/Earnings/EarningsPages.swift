import Foundation
import GuildhallClient
import SharedModels

/// `/earnings`: what a freelancer has earned, by month; and a payout as a page to print.
struct EarningsPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/earnings", earnings)
        site.get("/contracts/{id}/payouts/{milestoneId}", payout)
    }

    /// Ten years, as many as one answer of the API has.
    private static let months = 120
    /// How many deals are looked through for the latest payouts. An answer with more could be longer than the client reads.
    private static let deals = 50

    @Sendable private func earnings(_ visit: Visit) async throws -> WebAnswer {
        let parts = Parts()
        async let contracts = parts.part("the latest payouts") {
            try await visit.api.call(Endpoints.contracts.list, query: ["limit": "\(Self.deals)"]).contracts
        }
        let first = CalendarMonth(of: visit.display.now).adding(months: 1 - Self.months)
        let earned = try await visit.api.call(Endpoints.earnings.get, query: ["from": "\(first)"]).currencies
        let display = visit.display
        var values: Values = [
            "currencies": earned.map { section($0, display) }, "isEmpty": earned.allSatisfy(\.isEmpty),
        ]
        if let contracts = try await contracts {
            let latest = Self.payouts(contracts)
            values["payouts"] = latest.map { row($0.contract, $0.milestone, display) }
            values["hasPayouts"] = !latest.isEmpty
        }
        return .page("earnings", "Earnings", values, place: "earnings", parts)
    }

    private func section(_ earned: CurrencyEarnings, _ display: Display) -> Values {
        let code = earned.currency.rawValue.uppercased()
        func money(_ cents: Int64) -> String { display.money(cents, code) }
        let bars = earned.months.suffix(12).map { (month: $0.month, cents: $0.earnedCents) }
        var values: Values = [
            "earned": money(earned.earnedCents), "held": money(earned.heldCents),
            "paidOut": money(earned.paidOutCents), "balance": money(earned.balanceCents),
            "count": display.number(earned.months.map(\.count).reduce(0, +)), "code": code,
        ]
        values["refunded"] = earned.refundedCents == 0 ? nil : money(earned.refundedCents)
        values["chart"] = MonthChart("Earned by month, \(code)", months: bars, currency: code, display).values
        return values
    }

    /// The fifty milestones that were released last.
    private static func payouts(
        _ contracts: [ContractView]
    ) -> [(contract: ContractView, milestone: MilestoneView, at: Timestamp)] {
        let all = contracts.filter { $0.yourRole == .worker }.flatMap { contract in
            contract.milestones.compactMap { milestone in
                milestone.releasedAt.map { (contract: contract, milestone: milestone, at: $0) }
            }
        }
        return Array(all.sorted { $0.at > $1.at }.prefix(50))
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

extension CurrencyEarnings {
    /// Whether nothing has been released yet.
    fileprivate var isEmpty: Bool { months.allSatisfy { $0.count == 0 } }
}
