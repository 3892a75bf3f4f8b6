import Postgres
import ServiceKit
import SharedModels

/// Writing, publishing, reading and hiding reviews.
///
/// Neither party sees the other's review until both have written, or until one has waited for
/// ``Review/publishedAloneAfter``. So nobody's rating can be a reaction to the other's.
struct ReviewWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let peers: any DealPeers
    let hires: HireBook
    let observer: HireObserver
    let reviews = ReviewStore()

    /// A party of a completed contract reviews the other party, once.
    func write(
        _ input: ReviewInput, of contractID: ContractID, by caller: AccountID, expecting check: VersionCheck
    ) async throws -> Review {
        try await database.transaction { tx in
            let now = clock.now
            var (contract, role) = try await book.lock(contractID, for: caller, in: tx)
            try check(contract.version)
            try contract.require(.review, by: role, at: now)
            var review = Review(input, of: contract, by: role, at: now)
            if let other = try await reviews.lock(by: role.other, of: contractID, in: tx) {
                try review.publish(at: now)
                try await publish(other, in: tx)
            } else {
                try await scheduler.schedule(PublishReview(review.id), at: review.dueAt, in: tx)
            }
            try await reviews.insert(review, in: tx)
            contract.noteReview(of: role, at: now)
            try await book.save(&contract, in: tx)
            return review
        }
    }

    /// The client of a completed hire reviews the freelancer, once.
    ///
    /// - Throws: ``HireError``, and ``ReviewError/otherFreelancer`` when the hire is with somebody else.
    func rate(
        _ freelancer: AccountID, in contract: ContractID, _ rating: Int, _ text: String, by client: AccountID
    ) async throws -> Review {
        try await database.transaction { tx in
            var (hire, role) = try await hires.lock(contract, for: client, in: tx)
            guard hire.parties.worker == freelancer || role != .client else { throw ReviewError.otherFreelancer }
            try hire.require(.review, by: role)
            let review = Review(of: hire, rating: rating, text: text, at: clock.now)
            try await reviews.insert(review, in: tx)
            hire.reviewedAt = clock.now
            try await hires.save(&hire, in: tx)
            return review
        }
    }

    /// A page of what clients said of a freelancer, on either flow, with how many there are.
    func page(byClientsOf freelancer: AccountID, from place: PagePlace) async throws -> ReviewsOfWork {
        let page = try await reviews.page(byClientsOf: freelancer, from: place, in: database)
        let count = try await reviews.count(byClientsOf: freelancer, in: database)
        let surroundings = await observer.surroundings(people: page.items.map(\.review.reviewer))
        return ReviewsOfWork(page: page, count: count, surroundings: surroundings)
    }

    /// The other party has not written in time. The review is published alone, unless it already was.
    func publishAlone(_ id: ReviewID) async throws {
        try await database.transaction { tx in
            guard let review = try await reviews.lock(id, in: tx),
                review.dueAt <= clock.now
            else { return }
            try await publish(review, in: tx)
        }
    }

    /// Publishes a locked review that is still pending.
    private func publish(_ before: Review, in tx: Transaction) async throws {
        guard before.status.allows(.publish) else { return }
        var review = before
        try review.publish(at: clock.now)
        try await reviews.save(review, in: tx)
        try await scheduler.cancel(PublishReview(review.id), in: tx)
    }

    /// An admin hides a review, published or not. A repeat changes nothing.
    func hide(_ id: ReviewID, by admin: AccountID, expecting check: VersionCheck) async throws -> Review {
        try await database.transaction { tx in
            guard var review = try await reviews.lock(id, in: tx) else {
                throw ReviewError.notFound
            }
            try check(review.version)
            guard review.status.allows(.hide) else { return review }
            try review.hide(by: admin, at: clock.now)
            try await reviews.save(review, in: tx)
            try await scheduler.cancel(PublishReview(id), in: tx)
            return review
        }
    }

    /// A page of an account's published reviews, the latest first.
    ///
    /// - Throws: ``ReviewError/accountNotFound``; `PeerRefusal` or `OutboundError` when talent, which knows the
    ///   accounts, cannot be asked at the moment.
    func page(of account: AccountID, after cursor: PageCursor?, limit: Int) async throws -> Page<Review> {
        guard try await peers.isKnown(account) else { throw ReviewError.accountNotFound }
        return try await reviews.page(of: account, after: cursor, limit: limit, in: database)
    }
}

/// A page of reviews with who wrote them.
struct ReviewsOfWork: Sendable {
    let page: Page<ReviewOfWork>
    /// On all pages.
    let count: Int
    let surroundings: HireSurroundings
}
