import Foundation
import SharedModels
import TestSupport

@testable import JobsService

extension Gig {
    static func sample(
        title: String = "Compiler work", description: String? = "All of it", scope: String? = "One month",
        rateCents: Int64? = 5_000, status: GigStatus = .draft, createdAt: Timestamp = .start
    ) -> Self {
        Gig(
            id: .make(at: .start), ownerID: .make(at: .start), title: title, description: description,
            scope: scope,
            rate: rateCents.map(Money.usd(cents:)), status: status, version: 1, createdAt: createdAt,
            updatedAt: createdAt)
    }

    /// The data of an event.
    func told() throws -> JSONValue { .object((try JSONValue(encoding: shown()).object ?? []) + .milestoneCapture) }

    /// The view in answers, read from the written JSON.
    func shown() throws -> GigView { try JSONValue.decode(GigView.self, from: Encoded<GigView>(self).bytes) }
}

extension Application {
    static func sample(
        of worker: AccountID = .make(at: .start), to gig: GigID = .make(at: .start),
        status: ApplicationStatus = .applied
    ) -> Self {
        Application(
            id: .make(at: .start), gigID: gig, workerID: worker, message: nil, status: status, version: 1,
            createdAt: .start, updatedAt: .start)
    }
}

extension [JSONMember] {
    /// What events say of a deal on ClawConnected.
    static let milestoneCapture = [JSONMember("flow", "milestone_capture"), JSONMember("currency", "usd")]
    /// What events say of a deal on Skillhouse.
    static let escrowCheckout = [JSONMember("flow", "escrow_checkout"), JSONMember("currency", "inr")]
}
