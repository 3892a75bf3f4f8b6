import ServiceKit
import SharedModels

/// `/api/negotiations` and `/api/negotiate`.
struct NegotiationRoutes: Sendable {
    let workflow: NegotiationWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.negotiations.list, list)
        routes.handle(Endpoints.negotiations.create, create)
        routes.handle(Endpoints.negotiations.negotiate, negotiate)
        routes.handle(Endpoints.negotiations.get, get)
        routes.handle(Endpoints.negotiations.round, round)
        routes.handle(Endpoints.negotiations.agree, agree)
        routes.handle(Endpoints.negotiations.shareContact, shareContact)
    }

    private func list(_: NoInput, _ call: Call) async throws -> NegotiationList {
        try await workflow.list(
            of: call.caller.accountID, in: call.query(NegotiationEndpoints.state),
            after: call.query(Parameter<PageCursor?>.cursor), limit: call.query(Parameter<Int>.limit))
    }

    private func create(_ input: NegotiationInput, _ call: Call) async throws -> NegotiationView {
        let negotiation = try await workflow.open(
            input.gigID, with: input.workerUserID, terms: Terms(), by: call.caller.accountID)
        return answer(negotiation, call)
    }

    private func negotiate(_ input: NegotiateInput, _ call: Call) async throws -> NegotiationView {
        let negotiation = try await workflow.open(
            input.gigID, with: input.workerUserID, terms: input.terms, by: call.caller.accountID)
        return answer(negotiation, call)
    }

    private func get(_: NoInput, _ call: Call) async throws -> NegotiationView {
        let (view, version) = try await workflow.view(
            call.path("id"), for: call.caller.accountID, withAudit: call.query(NegotiationEndpoints.audit))
        call.tag(version: version)
        return view
    }

    private func round(_ terms: Terms, _ call: Call) async throws -> NegotiationView {
        let negotiation = try await workflow.propose(
            terms, in: call.path("id"), by: call.caller.accountID, expecting: { try call.check(version: $0) })
        return answer(negotiation, call)
    }

    private func agree(_ input: AgreeInput, _ call: Call) async throws -> NegotiationView {
        let negotiation = try await workflow.agree(
            to: input.roundNumber, in: call.path("id"), by: call.caller.accountID,
            expecting: { try call.check(version: $0) })
        return answer(negotiation, call)
    }

    private func shareContact(_ contact: ContactShare, _ call: Call) async throws -> ContactShare {
        let negotiation = try await workflow.share(
            contact, in: call.path("id"), by: call.caller.accountID,
            expecting: { try call.check(version: $0) })
        call.tag(version: negotiation.version)
        return contact
    }

    private func answer(_ negotiation: Negotiation, _ call: Call) -> NegotiationView {
        call.tag(version: negotiation.version)
        return negotiation.view(
            for: negotiation.parties.role(of: call.caller.accountID), withContacts: true)
    }
}
