import ServiceKit
import SharedModels

/// `/api/disputes` and `/api/admin/disputes`.
struct DisputeRoutes: Sendable {
    let disputes: DisputeWorkflow
    let recommendations: RecommendationWorkflow
    let resolutions: ResolutionWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.disputes.list, list)
        routes.handle(Endpoints.disputes.create, create)
        routes.handle(Endpoints.disputes.get, get)
        routes.handle(Endpoints.disputes.respond, respond)
        routes.handle(Endpoints.disputes.recommend, recommend)
        routes.handle(Endpoints.disputes.resolve, resolve)
    }

    private func list(_: NoInput, _ call: Call) async throws -> DisputeList {
        let page = try await disputes.page(
            for: call.caller, in: call.query(DisputeEndpoints.state), after: call.query(DisputeEndpoints.cursor),
            limit: call.query(.limit))
        return DisputeList(
            disputes: page.items.map { dispute, contract in
                let role = contract.parties.role(of: call.caller.accountID)
                return dispute.view(of: contract, for: role, at: call.now)
            },
            nextCursor: page.nextCursor)
    }

    private func create(_ input: DisputeInput, _ call: Call) async throws -> DisputeView {
        answer(try await disputes.open(input, by: call.caller.accountID), call)
    }

    private func get(_: NoInput, _ call: Call) async throws -> DisputeView {
        let (dispute, contract, evidence) = try await disputes.get(
            call.path("id"), by: call.caller, withEvidence: call.query(DisputeEndpoints.evidence))
        return answer((dispute, contract), evidence: evidence, call)
    }

    private func respond(_ input: DisputeResponseInput, _ call: Call) async throws -> DisputeView {
        let answered = try await disputes.respond(
            to: call.path("id"), with: input.evidence, by: call.caller.accountID,
            expecting: call.check(version:))
        return answer(answered, call)
    }

    private func recommend(_: NoInput, _ call: Call) async throws -> DisputeView {
        let advised = try await recommendations.recommend(
            on: call.path("id"), by: call.caller, expecting: call.check(version:))
        return answer(advised, call)
    }

    private func resolve(_ input: DecisionInput, _ call: Call) async throws -> DisputeView {
        let (dispute, contract) = try await resolutions.resolve(
            call.path("id"), as: input, by: call.caller.accountID, expecting: call.check(version:))
        if dispute.settledAt == nil { call.answer(status: 202) }
        return answer((dispute, contract), call)
    }

    private func answer(
        _ found: (dispute: Dispute, contract: Contract), evidence: [Evidence]? = nil, _ call: Call
    ) -> DisputeView {
        call.tag(version: found.dispute.version)
        let role = found.contract.parties.role(of: call.caller.accountID)
        return found.dispute.view(of: found.contract, for: role, evidence: evidence, at: call.now)
    }
}
