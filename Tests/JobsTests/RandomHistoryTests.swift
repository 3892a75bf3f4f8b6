import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: after any actions in any order, the service has done what its model does, refused what the
/// model refuses, and announced each change once.
@Suite struct RandomHistoryTests {
    @Test(arguments: UInt64(1)...8)
    func `a random history goes as the model says`(seed: UInt64) async throws {
        try await Market.with { market in
            var history = History(market, seed: seed)
            for _ in 0..<400 { try await history.step() }
            try await history.compare()
            try await history.compareAnnouncements()
        }
    }
}

/// The service and its model, which go through the same steps.
private struct History {
    private let market: Market
    private var model = MarketModel()
    private var random: SeededGenerator
    private let people: [AccountID]
    private var gigs: [GigID] = []
    private var applications: [(id: ApplicationID, gig: GigID, worker: AccountID)] = []
    /// How often each gig and application was changed, deletions included.
    private var versions: [EventAggregate: Int64] = [:]

    init(_ market: Market, seed: UInt64) {
        self.market = market
        random = SeededGenerator(seed: seed)
        people = (0..<4).map { _ in AccountID.make(at: .start) }
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<12: try await post()
        case ..<28: try await change()
        case ..<32: try await delete()
        case ..<55: try await apply()
        case ..<72: try await decide()
        case ..<77: try await withdraw()
        case ..<87: try await engage()
        case ..<94: try await tell()
        default: market.clock.advance(by: .seconds(Int.random(in: 0...70, using: &random)))
        }
    }

    private mutating func post() async throws {
        let status = GigStatus.allCases.randomElement(using: &random) ?? .draft
        let gig = try await market.post(status, by: somebody())
        model.gigs[gig.id] = .init(owner: gig.ownerID, status: status)
        versions[EventAggregate(gig.id.uuid)] = 1
        gigs.append(gig.id)
    }

    private mutating func change() async throws {
        guard let id = gigs.randomElement(using: &random) else { return }
        let caller = mostlyOwner(of: id)
        let status = GigStatus.allCases.randomElement(using: &random) ?? .draft
        let expected = Result { try model.change(id, to: status, by: caller) }
        try await expect(expected) { try await market.change(id, GigUpdate(status: status), by: caller) }
        if let version = model.gigs[id]?.version { versions[EventAggregate(id.uuid)] = version }
    }

    private mutating func delete() async throws {
        guard let id = gigs.randomElement(using: &random) else { return }
        let caller = mostlyOwner(of: id)
        let now = market.clock.now
        let expected = Result { try model.delete(id, by: caller, at: now) }
        try await expect(expected) { try await market.delete(id, by: caller) }
        if case .success = expected { versions[EventAggregate(id.uuid), default: 0] += 1 }
    }

    private mutating func apply() async throws {
        guard let gig = gigs.randomElement(using: &random) else { return }
        let worker = somebody()
        if let refusal = model.refusal(of: worker, applyingTo: gig) {
            try await expect(.failure(refusal)) { try await market.apply(to: gig, by: worker) }
            return
        }
        let application = try await market.apply(to: gig, by: worker)
        model.applications[application.id] = .init(gig: gig, worker: worker)
        versions[EventAggregate(application.id.uuid)] = 1
        applications.append((application.id, gig, worker))
    }

    private mutating func decide() async throws {
        guard let (id, gig, _) = applications.randomElement(using: &random) else { return }
        let caller = mostlyOwner(of: gig)
        let decision = Bool.random(using: &random) ? ApplicationStatus.shortlisted : .rejected
        let before = model.applications[id]?.version
        let now = market.clock.now
        let expected = Result {
            try model.decide(decision, on: id, of: gig, by: caller, at: now)
        }
        try await expect(expected) { try await market.decide(decision, on: id, of: gig, by: caller) }
        if let after = model.applications[id]?.version, after != before {
            versions[EventAggregate(id.uuid)] = after
        }
    }

    private mutating func withdraw() async throws {
        guard let (id, _, worker) = applications.randomElement(using: &random) else { return }
        let caller = Int.random(in: 0..<3, using: &random) == 0 ? somebody() : worker
        let now = market.clock.now
        let expected = Result { try model.withdraw(id, by: caller, at: now) }
        try await expect(expected) { try await market.withdraw(id, by: caller) }
        guard case .success = expected else { return }
        versions[EventAggregate(id.uuid), default: 0] += 1
        applications.removeAll { $0.id == id }
    }

    private mutating func engage() async throws {
        guard let (id, gig, worker) = applications.randomElement(using: &random) else { return }
        let client = mostlyOwner(of: gig)
        var negotiation = NegotiationID.make(at: market.clock.now)
        // Sometimes the same call again.
        if let engagement = model.applications[id]?.engagement, engagement.isLive, Bool.random(using: &random) {
            negotiation = engagement.negotiation
        }
        let now = market.clock.now
        let expected = Result {
            try model.engage(negotiation, on: id, of: gig, by: client, at: now)
        }
        try await expect(expected) {
            try await market.engagements.engage(
                gig,
                EngagementInput(negotiationID: negotiation, clientUserID: client, workerUserID: worker),
                at: now)
        }
    }

    /// Contracts opens the reserved negotiation, or ends the one that it opened.
    private mutating func tell() async throws {
        let engaged = applications.filter { model.applications[$0.id]?.engagement?.isLive == true }
        guard
            let (id, gig, worker) = engaged.randomElement(using: &random),
            let engagement = model.applications[id]?.engagement
        else { return }
        var told = ToldNegotiation(
            id: engagement.negotiation, application: .sample(of: worker, to: gig), client: market.owner)
        if engagement.isConfirmed {
            if Bool.random(using: &random) {
                told.state = .expired
                told.sequence = 2
                try await market.tell(told)
            } else {
                try await market.tell(.completed, ofContractOf: engagement.negotiation)
            }
            model.applications[id]?.engagement?.isLive = false
        } else {
            try await market.tell(told, .negotiationCreated)
            model.applications[id]?.engagement?.isConfirmed = true
        }
    }

    /// Compares the tables with the model.
    func compare() async throws {
        for status in GigStatus.allCases {
            for person in people {
                let seen = try await market.pages(GigListing(status), by: person, limit: 9).flatMap(\.self)
                let expected = model.gigs.filter { $0.value.status == status }
                    .filter { status == .active || $0.value.owner == person }
                #expect(Set(seen.map(\.id)) == Set(expected.keys))
                for gig in seen { #expect(gig.version == model.gigs[gig.id]?.version) }
            }
        }
        for person in people {
            let owned = try await market.own(of: person, limit: 1000).items
            let expected = model.applications.filter { $0.value.worker == person }
            #expect(Set(owned.map(\.application.id)) == Set(expected.keys))
            for (application, engagement) in owned.map({ ($0.application, $0.engagement) }) {
                let model = expected[application.id]
                #expect(application.status == model?.status && application.version == model?.version)
                if let shown = model?.engagement, shown.isConfirmed {
                    #expect(engagement?.negotiationID == shown.negotiation)
                }
                let holds = model?.engagement?.holds(at: market.clock.now) == true
                #expect(try await market.isInUse(application) == holds)
                #expect(application.isEngaged == holds)
            }
        }
    }

    /// Each change was announced once, with its thing's next sequence, in that order.
    func compareAnnouncements() async throws {
        var told: [EventAggregate: Int64] = [:]
        for announcement in try await market.announced() {
            #expect(announcement.sequence == told[announcement.aggregate, default: 0] + 1)
            told[announcement.aggregate] = announcement.sequence
        }
        #expect(told == versions)
    }

    private func expect<Value>(
        _ expected: Result<Void, any Error>, _ body: () async throws -> Value
    ) async throws {
        switch expected {
        case .success: _ = try await body()
        case .failure(let refusal):
            await #expect(
                performing: { try await body() }, throws: { String(reflecting: $0) == String(reflecting: refusal) })
        }
    }

    private mutating func somebody() -> AccountID { people.randomElement(using: &random) ?? market.stranger }

    private mutating func mostlyOwner(of gig: GigID) -> AccountID {
        let other = somebody()
        return Int.random(in: 0..<5, using: &random) == 0 ? other : model.gigs[gig]?.owner ?? other
    }
}
