import GuildhallClient
import SharedModels

/// A deal as lists show it: a negotiation, a contract, or both.
struct Deal: Sendable {
    let negotiation: NegotiationView?
    let contract: ContractView?

    /// Whether it waits for the visitor.
    var isYours: Bool {
        guard let role = contract?.yourRole ?? negotiation?.yourRole else { return false }
        return (contract?.waitsFor ?? negotiation?.waitsFor ?? []).contains(role)
    }

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
        let list = try await visit.api.call(Endpoints.negotiations.list, query: query)
        let newest = Dictionary(try await contracts.contracts.map { ($0.id, $0) }) { first, _ in first }
        let signed = list.negotiations.compactMap(\.contractID)
        let older = try await find(signed.filter { newest[$0] == nil }, visit)
        let known = newest.merging(older) { first, _ in first }
        let deals = list.negotiations.map { talk in
            Deal(negotiation: talk, contract: talk.contractID.flatMap { known[$0] })
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

    /// A page of what waits for the visitor. Contracts and negotiations are two lists; each ends by itself.
    static func waiting(_ visit: Visit) async throws -> (deals: [Deal], more: String?) {
        let (contract, talk) = (visit.query("cursor"), visit.query("talks"))
        let isFirst = contract == nil && talk == nil
        async let talks: (shown: [NegotiationView], next: String?) =
            isFirst || talk != nil ? unsigned(after: talk, visit) : ([], nil)
        let contracts =
            isFirst || contract != nil
            ? try await visit.api.call(Endpoints.contracts.list, query: awaited(after: contract, limit: 10)) : nil
        let open = try await talks
        let deals =
            (contracts?.contracts ?? []).map { Deal(negotiation: nil, contract: $0) }
            + open.shown.map { Deal(negotiation: $0, contract: nil) }
        let next = (contracts?.nextCursor, open.next)
        let more = next == (nil, nil) ? nil : visit.address(with: ["cursor": next.0, "talks": next.1])
        return (deals, more)
    }

    /// Negotiations that wait for the visitor. Those with a contract are left out: it is in the other list.
    ///
    /// - Returns: The ones to show, at least one where there is any, and the cursor that leads to the next; `nil` at the end.
    private static func unsigned(
        after start: String?, _ visit: Visit
    ) async throws -> (shown: [NegotiationView], next: String?) {
        var (shown, cursor) = ([NegotiationView](), start)
        repeat {
            // What is only looked ahead at is not shown, however many there are.
            let page = try await visit.api.call(
                Endpoints.negotiations.list, query: awaited(after: cursor, limit: shown.isEmpty ? 10 : 100))
            let found = page.negotiations.filter { $0.contractID == nil }
            if !shown.isEmpty, !found.isEmpty { return (shown, cursor) }
            shown += found
            cursor = page.nextCursor
        } while cursor != nil
        return (shown, nil)
    }

    private static func awaited(after cursor: String?, limit: Int) -> [String: String] {
        var query = ["waiting_for": "me", "limit": "\(limit)"]
        query["cursor"] = cursor
        return query
    }
}

extension Deal {
    /// The partial `deal-card`.
    func card(_ display: Display) -> Values {
        let role = contract?.yourRole ?? negotiation?.yourRole
        let address = (contract?.id ?? negotiation?.contractID).map { "/contracts/\($0)" }
        let rate = contract?.rateCents ?? negotiation?.rateCents
        let moments = [negotiation?.updatedAt, contract?.updatedAt].compactMap(\.self)
        let waits = contract.map(Waiting.words) ?? negotiation.flatMap(Waiting.words)
        return [
            "gigTitle": contract?.gigTitle ?? negotiation?.gigTitle ?? "",
            "address": address ?? negotiation.map { "/negotiations/\($0.id)" } ?? "",
            "status": contract.map { Status.contract($0.status) } ?? negotiation.map { Status.negotiation($0.state) }
                ?? [:],
            "role": role == .client ? "You are the client" : "You are the freelancer",
            "rate": rate.map { display.rate($0) } ?? "No terms yet",
            "changed": moments.max().map(display.time) ?? [:], "waits": waits ?? "", "isWaiting": waits != nil,
            "isYours": isYours,
            "steps": Timeline.values(negotiation, contract, display),
        ]
    }
}
