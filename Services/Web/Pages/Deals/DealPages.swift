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
        let isWaiting = visit.query("show") == "waiting"
        var values: Values = ["isWaitingOnly": isWaiting]
        if isWaiting {
            let (deals, more) = try await Deals.waiting(visit)
            values["more"] = more.map { ["address": $0] as Values }
            values["deals"] = deals.map { $0.card(visit.display) }
            values["isEmpty"] = deals.isEmpty && more == nil
        } else {
            let (deals, next) = try await Deals.page(
                visit, query: visit.queries("cursor").merging(["limit": "20"]) { $1 })
            values["more"] = visit.more(next)
            values["deals"] = deals.map { $0.card(visit.display) }
            values["isEmpty"] = deals.isEmpty
        }
        return .page("deals", isWaiting ? "Deals that wait for you" : "Deals", values, place: "deals")
    }

    @Sendable private func negotiation(_ visit: Visit) async throws -> WebAnswer {
        let negotiation = try await visit.api.call(
            Endpoints.negotiations.get, path: visit.parts, query: ["audit": "1"])
        if let contract = negotiation.contractID { return .see("/contracts/\(contract)") }
        let parts = Parts()
        let (client, worker) = (negotiation.clientUserID, negotiation.workerUserID)
        let name = try await visit.name(of: negotiation.yourRole == .worker ? client : worker, parts)
        return page(negotiation, nil, nil, with: name, parts, visit)
    }

    @Sendable private func contract(_ visit: Visit) async throws -> WebAnswer {
        let parts = Parts()
        async let ledger = parts.part("where the money went") {
            try await visit.api.call(Endpoints.contracts.ledger, path: visit.parts)
        }
        let contract = try await visit.api.call(Endpoints.contracts.get, path: visit.parts)
        let (client, worker) = (contract.clientUserID, contract.workerUserID)
        async let name = visit.name(of: contract.yourRole == .worker ? client : worker, parts)
        let negotiation = try await visit.api.call(
            Endpoints.negotiations.get, path: ["id": "\(contract.negotiationID)"], query: ["audit": "1"])
        return page(negotiation, contract, try await ledger, with: try await name, parts, visit)
    }

    /// - Parameter name: The other side's; `nil` when it has left.
    private func page(
        _ negotiation: NegotiationView, _ contract: ContractView?, _ ledger: ContractLedger?, with name: String?,
        _ parts: Parts, _ visit: Visit
    ) -> WebAnswer {
        let display = visit.display
        let role = negotiation.yourRole ?? .client
        let other = role == .client ? negotiation.workerUserID : negotiation.clientUserID
        let deal = Deal(negotiation: negotiation, contract: contract)
        let actions = Actions(contract?.nextActions ?? negotiation.nextActions, for: role)
        var values: Values = [
            "gigTitle": negotiation.gigTitle, "gigAddress": "/gigs/\(negotiation.gigID)",
            "role": role == .client ? "client" : "freelancer", "otherName": name ?? "Somebody who has left",
            "otherAddress": "/people/\(other)", "otherRole": role == .client ? "freelancer" : "client",
            "timeline": Timeline.values(negotiation, contract, display),
            "status": contract.map { Status.contract($0.status) } ?? Status.negotiation(negotiation.state),
            "rounds": Rounds.values(negotiation, display), "hasRounds": negotiation.roundNumber > 0,
            "negotiation": DealButtons.negotiation(negotiation, actions, isTurn: deal.isYours, visit),
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
        values["isLedgerKnown"] = contract == nil || ledger != nil
        let card = deal.card(display)
        for name in ["waits", "isWaiting", "isYours"] { values[name] = card[name] }
        return .page("deal", negotiation.gigTitle, values, place: "deals", parts)
    }
}

extension Visit {
    /// - Returns: `nil` for who has left.
    func name(of account: AccountID) async throws -> String? {
        do {
            return try await api.call(Endpoints.profiles.get, path: ["userId": "\(account)"]).displayName
        } catch let refusal as GuildhallRefusal where refusal.status == 404 {
            return nil
        }
    }

    /// What somebody is called on a page that is about something else.
    ///
    /// - Returns: `nil` for who has left; "Somebody" while names cannot be had.
    func name(of account: AccountID, _ parts: Parts) async throws -> String? {
        let found = try await parts.part("people's names") { try await Known(name: name(of: account)) }
        return found.map(\.name) ?? "Somebody"
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

/// What is known of somebody's name: that it is this, or that nobody has it any more.
private struct Known: Sendable {
    let name: String?
}
