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
            rateCents: rateCents, status: status, version: 1, createdAt: createdAt, updatedAt: createdAt)
    }

    /// The view in answers and events, read from the written JSON.
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
