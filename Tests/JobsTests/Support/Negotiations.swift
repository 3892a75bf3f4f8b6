import Postgres
import ServiceKit
import SharedModels
import TestSupport

@testable import JobsService

/// A negotiation as contracts sees it. It sends the events to jobs.
struct ToldNegotiation: Sendable {
    var id = NegotiationID.make(at: .start)
    let application: Application
    let client: AccountID
    var state = NegotiationState.pending
    var round = 0
    var terms = TermsInput(rateCents: 5_000)
    var sequence: Int64 = 1

    var view: NegotiationView {
        NegotiationView(
            id: id, gigID: application.gigID, gigTitle: "Compiler work", clientUserID: client,
            workerUserID: application.workerID, yourRole: nil, state: state, roundNumber: round, terms: terms,
            contractID: nil, contactExchange: nil, audit: nil, createdAt: .start, updatedAt: .start,
            waitsFor: [], nextActions: [])
    }
}

extension Market {
    func engage(
        _ negotiation: NegotiationID = .make(at: .start), on application: Application,
        by client: AccountID? = nil
    ) async throws -> Gig {
        try await engagements.engage(
            application.gigID,
            EngagementInput(
                negotiationID: negotiation, clientUserID: client ?? owner, workerUserID: application.workerID),
            at: clock.now)
    }

    /// Contracts sends an event about `negotiation` in its present state.
    @discardableResult
    func tell(
        _ negotiation: ToldNegotiation, _ name: EventName = .negotiationUpdated,
        id: EventID = .make(at: .start)
    ) async throws -> EventID {
        try await tell(
            name.rawValue, of: EventAggregate(negotiation.id.uuid), sequence: negotiation.sequence,
            try JSONValue(encoding: negotiation.view), id: id)
    }

    @discardableResult
    func tell(
        _ name: String, of aggregate: EventAggregate = .make(at: .start), sequence: Int64 = 1,
        _ data: JSONValue,
        id: EventID = .make(at: .start)
    ) async throws -> EventID {
        try await receiver.take(.told(name, of: aggregate, sequence: sequence, data, id: id, at: clock.now))
        return id
    }

    /// Contracts reports that the contract made from `negotiation` has reached `status`.
    func tell(_ status: ContractStatus, ofContractOf negotiation: NegotiationID) async throws {
        try await tell(
            ContractUpdated.label,
            [
                "status": .string(status.rawValue), "negotiation_id": .string("\(negotiation)"),
                "client_user_id": .string("\(owner)"), "worker_user_id": .string("\(worker)"),
            ])
    }

    /// A negotiation about a shortlisted applicant, opened and announced.
    func negotiating(about gig: Gig? = nil) async throws -> ToldNegotiation {
        let application = try await application(.shortlisted, to: gig)
        let negotiation = ToldNegotiation(application: application, client: owner)
        _ = try await engage(negotiation.id, on: application)
        try await tell(negotiation, .negotiationCreated)
        return negotiation
    }

    /// Whether the shortlisting must stay because of a negotiation.
    func isInUse(_ application: Application) async throws -> Bool {
        try await database.transaction { tx in
            try await EngagementStore().hasLive(application: application.id, at: clock.now, in: tx)
        }
    }
}
