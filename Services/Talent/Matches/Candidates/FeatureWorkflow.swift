import Logging
import Postgres
import ServiceKit
import SharedModels

/// Works out what accounts are matched by, soon after their profiles or gigs change, and has their matches worked out then.
struct FeatureWorkflow: Sendable {
    /// How many news are taken at once.
    private static let batch = 100

    let database: Database
    let features: FeatureStore
    let source: FeatureSource
    let runs: MatchRunStore
    let scheduler: Scheduler
    let text: SkillText
    /// `nil`: free text does not count.
    let texts: TextWorkflow?
    let words = MarketWordStore()

    /// Jobs told of a gig.
    func follow(
        _ gig: GigReading, as aggregate: EventAggregate, sequence: Int64, isDeleted: Bool = false, at now: Timestamp,
        in tx: Transaction
    ) async throws {
        try await follow(
            GigID(aggregate.uuid), of: gig.ownerUserID, gig.title, [gig.description, gig.scope],
            isOpen: gig.status == .active && !isDeleted, sequence: sequence, at: now, in: tx)
    }

    /// - Parameter more: What is said of it besides the title.
    func follow(
        _ id: GigID, of owner: AccountID, _ title: String, _ more: [String?], isOpen: Bool, sequence: Int64,
        at now: Timestamp, in tx: Transaction
    ) async throws {
        let words = ([title] + more).compactMap(\.self).joined(separator: "\n")
        let offer = OfferFeatures(
            gigID: id, title: title, needs: isOpen ? text.skills(in: words) : [],
            years: isOpen ? SkillText.years(in: words) : nil, isRemote: isOpen ? SkillText.isRemote(words) : nil)
        try await features.put(
            KnownGig(id: id, owner: owner, sequence: sequence, isOpen: isOpen, offer: offer), in: tx)
        try await texts?.follow(id, of: owner, isOpen ? words : nil, at: now, in: tx)
        try await features.note(owner, in: tx)
    }

    /// Takes the news, the oldest first.
    ///
    /// - Parameter batches: How many batches to take at most.
    func catchUp(at now: Timestamp, atMost batches: Int = .max) async throws {
        var taken = 0
        while taken < batches, try await takeSome(at: now) { taken += 1 }
    }

    /// - Returns: `false` when there was nothing, or when somebody else takes it just now.
    private func takeSome(at now: Timestamp) async throws -> Bool {
        try await database.transaction { tx in
            guard try await features.claim(in: tx) else { return false }
            let news = try await features.news(Self.batch, in: tx)
            guard !news.isEmpty else { return false }
            let users = Set(news.map(\.user)).sorted()
            try await texts?.follow(users, at: now, in: tx)
            var known = try await source.features(of: users, in: tx)
            let offers = try await features.offers(of: users, in: tx)
            for case (let user, .company(var company)) in known {
                company.offers = (offers[user] ?? []) + company.offers
                company.offers.removeAll { $0.needs.isEmpty }
                known[user] = .company(company)
            }
            known = known.compactMapValues(\.ifMatchable)
            let before = try await features.find(users, in: tx)
            let changed = try await features.put(users.map { ($0, known[$0]) }, in: tx)
            try await words.change(from: before, to: known, of: changed, in: tx)
            let current = Set(news.filter { !$0.isOld }.map(\.user))
            for user in changed where current.contains(user) {
                try await scheduler.schedule(Rematch(user), at: now, in: tx)
            }
            try await runs.deleteLeft(users, in: tx)
            try await features.forget(news.map(\.position), in: tx)
            return true
        }
    }
}

/// The features of an account changed.
struct Rematch: WorkOnSubject {
    static let kind = "talent.match"
    let subject: AccountID
}

extension MatchFeatures {
    /// `nil` without a skill that could be matched.
    fileprivate var ifMatchable: Self? {
        switch self {
        case .person(let person): person.skills.isEmpty ? nil : self
        case .company(let company): company.offers.isEmpty ? nil : self
        }
    }
}
