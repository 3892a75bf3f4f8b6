import SharedModels

/// One party's review of the other party of a completed contract.
struct Review: Sendable, Equatable {
    /// How long a review waits for the other party's before it is published.
    static let publishedAloneAfter = Duration.days(14)

    let id: ReviewID
    let contractID: ContractID
    let gigTitle: String
    let reviewerRole: PartyRole
    let reviewer: AccountID
    let reviewed: AccountID
    /// 1 to 5.
    let rating: Int
    let text: String?
    var status: ReviewStatus
    var publishedAt: Timestamp?
    var hiddenAt: Timestamp?
    /// The admin who hid it.
    var hiddenBy: AccountID?
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp
}

extension Review {
    init(_ input: ReviewInput, of contract: Contract, by role: PartyRole, at now: Timestamp) {
        self.init(
            id: .make(at: now), contractID: contract.id, gigTitle: contract.gigTitle, reviewerRole: role,
            reviewer: contract.parties.account(of: role), reviewed: contract.parties.account(of: role.other),
            rating: input.rating, text: input.reviewText, status: .pending, version: 1, createdAt: now,
            updatedAt: now)
    }

    /// A client's review of the freelancer of a hire. Nobody answers it, so it is published at once.
    init(of hire: Hire, rating: Int, text: String, at now: Timestamp) {
        self.init(
            id: .make(at: now), contractID: hire.id, gigTitle: hire.jobTitle, reviewerRole: .client,
            reviewer: hire.parties.client, reviewed: hire.parties.worker, rating: rating, text: text,
            status: .published, publishedAt: now, version: 1, createdAt: now, updatedAt: now)
    }

    /// When it is published even if the other party has not written.
    var dueAt: Timestamp { createdAt + Self.publishedAloneAfter }

    var view: ReviewView {
        ReviewView(
            id: id, contractID: contractID, gigTitle: gigTitle, reviewerUserID: reviewer,
            reviewerRole: reviewerRole, reviewedUserID: reviewed, rating: rating, reviewText: text,
            status: status, createdAt: createdAt, publishedAt: publishedAt)
    }
}

// Every change.
extension Review {
    mutating func publish(at now: Timestamp) throws {
        status = try status.applying(.publish)
        publishedAt = now
        touch(at: now)
    }

    mutating func hide(by admin: AccountID, at now: Timestamp) throws {
        status = try status.applying(.hide)
        hiddenAt = now
        hiddenBy = admin
        touch(at: now)
    }

    private mutating func touch(at now: Timestamp) {
        version += 1
        updatedAt = now
    }
}
