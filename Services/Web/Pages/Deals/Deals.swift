import GuildhallClient
import SharedModels

/// A deal as lists show it: a negotiation, a contract, or both.
struct Deal: Sendable {
    let negotiation: NegotiationView?
    let contract: ContractView?
    /// Whether the negotiation, or the contract's approval, waits for the visitor.
    let isYours: Bool

    var isOpen: Bool {
        contract.map { !$0.status.isOver } ?? negotiation.map { $0.state != .expired } ?? false
    }
}

enum Deals {
    /// A page of the visitor's deals, the newest first, whatever became of them.
    static func page(
        _ visit: Visit, query: [String: String]
    ) async throws -> (deals: [Deal], next: String?) {
        async let contracts = visit.api.call(Endpoints.contracts.list, query: ["limit": "50"])
        async let turns = visit.api.call(Endpoints.negotiations.list, query: ["waiting_for": "me", "limit": "100"])
        let list = try await visit.api.call(Endpoints.negotiations.list, query: query)
        let newest = Dictionary(try await contracts.contracts.map { ($0.id, $0) }) { first, _ in first }
        let signed = list.negotiations.compactMap(\.contractID)
        let older = try await find(signed.filter { newest[$0] == nil }, visit)
        let known = newest.merging(older) { first, _ in first }
        let waiting = Set(try await turns.negotiations.map(\.id))
        let deals = list.negotiations.map { talk in
            Deal(
                negotiation: talk, contract: talk.contractID.flatMap { known[$0] }, isYours: waiting.contains(talk.id))
        }
        return (deals, list.nextCursor)
    }

    /// Contracts of old negotiations, side by side.
    private static func find(_ ids: [ContractID], _ visit: Visit) async throws -> [ContractID: ContractView] {
        try await withThrowingTaskGroup(of: ContractView.self) { group in
            for id in ids {
                group.addTask { try await visit.api.call(Endpoints.contracts.get, path: ["id": "\(id)"]) }
            }
            return try await group.reduce(into: [:]) { $0[$1.id] = $1 }
        }
    }

    /// A page of what waits for the visitor. Negotiations and contracts are two lists; each ends by itself.
    static func waiting(_ visit: Visit) async throws -> (deals: [Deal], more: String?) {
        let isFirst = visit.query("cursor") == nil && visit.query("talks") == nil
        func query(_ cursor: String?) -> [String: String]? {
            guard cursor != nil || isFirst else { return nil }
            var query = ["waiting_for": "me", "limit": "10"]
            query["cursor"] = cursor
            return query
        }
        async let talks = query(visit.query("talks")).asyncMap {
            try await visit.api.call(Endpoints.negotiations.list, query: $0)
        }
        let contracts = try await query(visit.query("cursor")).asyncMap {
            try await visit.api.call(Endpoints.contracts.list, query: $0)
        }
        let open = try await talks
        let deals =
            (contracts?.contracts ?? []).map { Deal(negotiation: nil, contract: $0, isYours: true) }
            // Those with a contract are in the other list.
            + (open?.negotiations ?? []).filter { $0.contractID == nil }
            .map { Deal(negotiation: $0, contract: nil, isYours: true) }
        let next = (contracts?.nextCursor, open?.nextCursor)
        let more = next == (nil, nil) ? nil : visit.address(with: ["cursor": next.0, "talks": next.1])
        return (deals, more)
    }
}

extension Deal {
    /// The partial `deal-card`.
    func card(_ display: Display) -> Values {
        let role = contract?.yourRole ?? negotiation?.yourRole
        let address = (contract?.id ?? negotiation?.contractID).map { "/contracts/\($0)" }
        let rate = contract?.rateCents ?? negotiation?.rateCents
        let moments = [negotiation?.updatedAt, contract?.updatedAt].compactMap(\.self)
        let talk = negotiation.flatMap { Waiting.words($0, isYours: isYours) }
        // While terms or approvals are open, both sides may do something, and it is one side's turn.
        let waits = contract.map { $0.status == .pendingOwnerApproval && !isYours ? talk : Waiting.words($0) } ?? talk
        return [
            "gigTitle": contract?.gigTitle ?? negotiation?.gigTitle ?? "",
            "address": address ?? negotiation.map { "/negotiations/\($0.id)" } ?? "",
            "status": contract.map { Status.contract($0.status) } ?? negotiation.map { Status.negotiation($0.state) }
                ?? [:],
            "role": role == .client ? "You are the client" : "You are the freelancer",
            "rate": rate.map { display.rate($0) } ?? "No terms yet",
            "changed": moments.max().map(display.time) ?? [:], "waits": waits ?? "", "isWaiting": waits != nil,
            "isYours": isYours || (waits?.hasPrefix("Waits for") == false),
            "steps": Timeline.values(negotiation, contract, display),
        ]
    }
}
