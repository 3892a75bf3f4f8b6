import GuildhallClient
import SharedModels

/// `/deals`, `/negotiations/{id}` and `/contracts/{id}`: one's deals, and all of one deal on one page.
struct DealPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/deals", list)
        site.get("/negotiations/{id}", negotiation)
        site.get("/contracts/{id}", contract)
    }

    @Sendable private func list(_ visit: Visit) async throws -> WebAnswer {
        async let contracts = visit.api.call(Endpoints.contracts.list, query: ["limit": "50"])
        let negotiations = try await visit.api.call(
            Endpoints.negotiations.list, query: visit.queries("cursor").merging(["limit": "20"]) { $1 })
        let known = Dictionary(try await contracts.contracts.map { ($0.negotiationID, $0) }) { first, _ in first }
        var values: Values = [
            "deals": negotiations.negotiations.map { DealCard.values($0, known[$0.id], visit.display) },
            "isEmpty": negotiations.negotiations.isEmpty,
        ]
        values["more"] = visit.more(negotiations.nextCursor)
        return .page("deals", "Deals", values, place: "deals")
    }

    @Sendable private func negotiation(_ visit: Visit) async throws -> WebAnswer {
        let negotiation = try await visit.api.call(
            Endpoints.negotiations.get, path: visit.parts, query: ["audit": "1"])
        if let contract = negotiation.contractID { return .see("/contracts/\(contract)") }
        return try await page(negotiation, nil, nil, visit)
    }

    @Sendable private func contract(_ visit: Visit) async throws -> WebAnswer {
        async let ledger = ledger(visit)
        let contract = try await visit.api.call(Endpoints.contracts.get, path: visit.parts)
        let negotiation = try await visit.api.call(
            Endpoints.negotiations.get, path: ["id": "\(contract.negotiationID)"], query: ["audit": "1"])
        return try await page(negotiation, contract, ledger, visit)
    }

    private func page(
        _ negotiation: NegotiationView, _ contract: ContractView?, _ ledger: ContractLedger?, _ visit: Visit
    ) async throws -> WebAnswer {
        let display = visit.display
        let role = negotiation.yourRole ?? .client
        let other = role == .client ? negotiation.workerUserID : negotiation.clientUserID
        let name = await visit.name(of: other)
        let actions = Actions(contract?.nextActions ?? negotiation.nextActions, for: role)
        var values: Values = [
            "gigTitle": negotiation.gigTitle, "gigAddress": "/gigs/\(negotiation.gigID)",
            "role": role == .client ? "client" : "freelancer", "otherName": name ?? "Somebody who has left",
            "otherAddress": "/people/\(other)", "otherRole": role == .client ? "freelancer" : "client",
            "timeline": Timeline.values(negotiation, contract, display),
            "status": contract.map { Status.contract($0.status) } ?? Status.negotiation(negotiation.state),
            "rounds": Rounds.values(negotiation, display), "hasRounds": negotiation.roundNumber > 0,
            "negotiation": DealButtons.negotiation(negotiation, actions, visit),
            "write": "/messages/new?to=\(other)",
        ]
        values["contact"] = negotiation.contactExchange?.otherPartyContact.map {
            ["kind": $0.contactType, "value": $0.contactValue] as Values
        }
        if let contract {
            values["contract"] = DealButtons.contract(contract, actions, visit)
            let part = MilestonePart(of: contract.milestones, from: visit.query("milestone"))
            values["milestones"] = part.shown.map { MilestoneCard.values($0, contract, role, visit) }
            values["earlier"] = part.earlier.map { visit.address(with: ["milestone": "\($0)"]) }
            values["later"] = part.later.map { visit.address(with: ["milestone": "\($0)"]) }
        }
        if let ledger, !ledger.entries.isEmpty { values["ledger"] = LedgerRows.values(ledger, display) }
        return .page("deal", negotiation.gigTitle, values, place: "deals")
    }

    /// The page is worth showing while the books do not answer.
    private func ledger(_ visit: Visit) async -> ContractLedger? {
        try? await visit.api.call(Endpoints.contracts.ledger, path: visit.parts)
    }
}

extension Visit {
    /// `nil` for who has left.
    func name(of account: AccountID) async -> String? {
        try? await api.call(Endpoints.profiles.get, path: ["userId": "\(account)"]).displayName
    }
}

/// As many milestones as a page shows at once: from the first that is not over, unless another is asked for.
struct MilestonePart {
    static let most = 15

    let shown: ArraySlice<MilestoneView>
    /// Where the part before this one, and the one after it, begins.
    let earlier: Int?
    let later: Int?

    init(of all: [MilestoneView], from text: String?) {
        let open = all.firstIndex { $0.status != .released } ?? all.count
        let asked = text.flatMap { Int($0) } ?? max(0, min(open, all.count - Self.most))
        let start = max(0, min(asked, all.count))
        let end = min(start + Self.most, all.count)
        shown = all[start..<end]
        earlier = start > 0 ? max(0, start - Self.most) : nil
        later = end < all.count ? end : nil
    }
}

/// A deal as lists show it: the partial `deal-card`.
enum DealCard {
    static func values(_ negotiation: NegotiationView, _ contract: ContractView?, _ display: Display) -> Values {
        // A contract knows who has approved it, and has what is open of its negotiation.
        let actions = Actions(
            contract.map(Waiting.asked(by:)) ?? negotiation.nextActions, for: negotiation.yourRole)
        return [
            "gigTitle": negotiation.gigTitle,
            "address": negotiation.contractID.map { "/contracts/\($0)" } ?? "/negotiations/\(negotiation.id)",
            "status": contract.map { Status.contract($0.status) } ?? Status.negotiation(negotiation.state),
            "role": negotiation.yourRole == .client ? "You are the client" : "You are the freelancer",
            "rate": negotiation.rateCents.map { display.rate($0) } ?? "No terms yet",
            "changed": display.time(max(negotiation.updatedAt, contract?.updatedAt ?? negotiation.updatedAt)),
            "waits": Waiting.words(for: actions) ?? "", "isWaiting": Waiting.words(for: actions) != nil,
            "steps": Timeline.values(negotiation, contract, display),
        ]
    }
}

/// What was posted about the deal's money.
enum LedgerRows {
    static func values(_ ledger: ContractLedger, _ display: Display) -> [Values] {
        // The API has all of them; here are the latest.
        ledger.entries.sorted { $0.at < $1.at }.suffix(40).map { entry in
            [
                "kind": entry.kind.replacing("_", with: " "), "account": name(entry.account),
                "amount": display.money(entry.amountMinor, entry.currency.rawValue), "at": display.time(entry.at),
                "gains": entry.amountMinor >= 0,
            ]
        }
    }

    private static func name(_ account: String) -> String {
        switch account.prefix(while: { $0 != ":" }) {
        case "provider": "Payment provider"
        case "escrow": "Held for this deal"
        case "payable": "Freelancer"
        case "revenue": "Guildhall's fee"
        default: account
        }
    }
}
