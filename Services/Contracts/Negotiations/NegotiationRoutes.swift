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
        routes.handle(Endpoints.negotiations.decline, decline)
        routes.handle(Endpoints.negotiations.shareContact, shareContact)
    }

    private func list(_: NoInput, _ call: Call) async throws -> NegotiationList {
        let caller = call.caller.accountID
        let page = try await workflow.page(
            of: caller, in: call.query(NegotiationEndpoints.state),
            waitingForThem: call.query(NegotiationEndpoints.waitingFor) == .me, after: call.query(.cursor),
            limit: call.query(.limit))
        return NegotiationList(
            negotiations: page.items.map { $0.view(for: $0.parties.role(of: caller)) }, nextCursor: page.nextCursor)
    }

    private func create(_ input: NegotiationInput, _ call: Call) async throws -> NegotiationView {
        let negotiation = try await workflow.open(
            input.gigID, with: input.workerUserID, terms: Terms(), by: call.caller.accountID)
        return answer(negotiation, call)
    }

    private func negotiate(_ input: NegotiateInput, _ call: Call) async throws -> NegotiationView {
        let negotiation = try await workflow.open(
            input.gigID, with: input.workerUserID, terms: Terms(input.terms), by: call.caller.accountID)
        return answer(negotiation, call)
    }

    private func get(_: NoInput, _ call: Call) async throws -> NegotiationView {
        let (negotiation, audit) = try await workflow.get(
            call.path("id"), by: call.caller.accountID, withAudit: call.query(NegotiationEndpoints.audit))
        return answer(negotiation, audit: audit, call)
    }

    private func round(_ input: TermsInput, _ call: Call) async throws -> NegotiationView {
        let negotiation = try await workflow.propose(
            Terms(input), in: call.path("id"), by: call.caller.accountID, expecting: call.check(version:))
        return answer(negotiation, call)
    }

    private func agree(_ input: AgreeInput, _ call: Call) async throws -> NegotiationView {
        let negotiation = try await workflow.agree(
            to: input.roundNumber, in: call.path("id"), by: call.caller.accountID,
            expecting: call.check(version:))
        return answer(negotiation, call)
    }

    private func decline(_ input: DeclineInput, _ call: Call) async throws -> NegotiationView {
        let negotiation = try await workflow.decline(
            call.path("id"), reason: input.reason, by: call.caller.accountID, expecting: call.check(version:))
        return answer(negotiation, call)
    }

    private func shareContact(_ contact: ContactShare, _ call: Call) async throws -> ContactShare {
        let negotiation = try await workflow.share(
            contact, in: call.path("id"), by: call.caller.accountID,
            expecting: call.check(version:))
        call.tag(version: negotiation.version)
        return contact
    }

    private func answer(_ negotiation: Negotiation, audit: [AuditEntry]? = nil, _ call: Call) -> NegotiationView {
        call.tag(version: negotiation.version)
        return negotiation.view(
            for: negotiation.parties.role(of: call.caller.accountID), withContacts: true, audit: audit)
    }
}
