import Foundation
import Logging
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The whole service on a separate database, with a client and a worker.
struct Deals: Sendable {
    let settings: ContractsSettings
    let features: Features
    let peers: FakePeers
    let hirePeers: FakeHirePeers
    let client = AccountID.make(at: .start)
    let worker = AccountID.make(at: .start)

    var database: Database { kit.database }
    var clock: TestClock { kit.clock }
    var scheduler: Scheduler { kit.scheduler }
    var receiver: EventReceiver { kit.events }
    var negotiations: NegotiationWorkflow { features.negotiations }
    var contracts: ContractWorkflow { features.contracts }
    var revisions: RevisionWorkflow { features.revisions }
    var activation: ActivationWorkflow { features.activation }
    var milestones: MilestoneWorkflow { features.milestones }
    var releases: ReleaseWorkflow { features.releases }
    var deadlines: DeadlineWorkflow { features.deadlines }
    var withdrawals: WithdrawalWorkflow { features.withdrawals }
    var ends: EndWorkflow { features.ends }
    var disputes: DisputeWorkflow { features.disputes }
    var resolutions: ResolutionWorkflow { features.resolutions }
    var reviews: ReviewWorkflow { features.reviews }
    var departures: DepartureWorkflow { features.departures }
    var hires: HireWorkflow { features.hires }
    var settlements: SettlementWorkflow { features.settlements }

    static func with<Result: Sendable>(_ body: (Deals) async throws -> Result) async throws -> Result {
        var limits = Scheduler.Limits()
        limits.firstDelay = .seconds(1)
        return try await TestKit.use(of: .contracts, limits: limits) { try await body(try Deals($0)) }
    }

    private let kit: TestKit

    private init(_ kit: TestKit) throws {
        self.kit = kit
        settings = try ContractsSettings(SettingsReader(.contracts, [:]))
        (peers, hirePeers) = (FakePeers(), FakeHirePeers())
        features = Self.features(settings, advisor: Rubric(), kit, peers, hirePeers)
        ContractsSchedule(features: features, clock: clock).register(on: scheduler)
        features.news.register(on: receiver)
    }

    /// The same service with other settings, or another advisor.
    func features(_ settings: ContractsSettings? = nil, advisor: any DisputeAdvisor = Rubric()) -> Features {
        Self.features(settings ?? self.settings, advisor: advisor, kit, peers, hirePeers)
    }

    private static func features(
        _ settings: ContractsSettings, advisor: any DisputeAdvisor, _ kit: TestKit, _ peers: FakePeers,
        _ hirePeers: FakeHirePeers
    ) -> Features {
        Features(
            settings, database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler,
            peers: peers, hirePeers: hirePeers, advisor: advisor, logger: .quiet)
    }
}

// Deals at several stages.
extension Deals {
    /// A negotiation with one round; 5,000 cents an hour unless `terms` say otherwise.
    func negotiated(_ terms: Terms = Terms(hoursPerWeek: 10)) async throws -> Negotiation {
        try await negotiations.open(.make(at: .start), with: worker, terms: terms, by: client)
    }

    func agreed(_ terms: Terms = Terms(hoursPerWeek: 10)) async throws -> Contract {
        let negotiation = try await negotiations.agree(
            to: nil, in: negotiated(terms).id, by: worker, expecting: anyVersion)
        return try await contracts.get(try #require(negotiation.contractID), by: client)
    }

    func approved(_ terms: Terms = Terms(hoursPerWeek: 10)) async throws -> Contract {
        let id = try await agreed(terms).id
        _ = try await contracts.approve(id, by: client, expecting: anyVersion)
        return try await contracts.approve(id, by: worker, expecting: anyVersion).contract
    }

    /// Active: the worker is onboarded and the money held.
    func active() async throws -> Contract {
        let contract = try await approved()
        try await tell(.payeeOnboarded, ["user_id": .string("\(worker)")])
        _ = try await milestones.fund(contract.milestones[0].id, of: contract.id, by: client)
        try await hold(contract.milestones[0].id)
        return try await contracts.get(contract.id, by: client)
    }

    /// Active, and the work is handed in.
    func delivered() async throws -> Contract {
        let contract = try await active()
        return try await milestones.deliver(
            DeliveryInput(note: "done", url: "https://example.com/work"), for: contract.milestones[0].id,
            of: contract.id, by: worker, expecting: anyVersion)
    }

    /// Over: everything is released.
    func completed() async throws -> Contract {
        let contract = try await delivered()
        _ = try await releases.release(contract.milestones[0].id, of: contract.id, by: client)
        return try await contracts.get(contract.id, by: client)
    }

    /// A dispute over the first milestone of a contract that is active, or of `contract`.
    func disputed(
        _ contract: Contract? = nil, by role: PartyRole = .client, evidence: [EvidenceInput] = [.commit]
    ) async throws -> Dispute {
        var disputed = contract
        if disputed == nil { disputed = try await active() }
        let input = DisputeInput.sample(try #require(disputed), by: role, evidence: evidence)
        return try await disputes.open(input, by: role == .client ? client : worker).0
    }

    /// The client pays, and payments sends its event.
    func hold(_ milestone: MilestoneID) async throws {
        peers.change { $0.escrows[milestone] = .held }
        try await tell(.escrowFunded, of: milestone)
    }

    /// The hold ends, and payments sends its event.
    func lapse(_ milestone: MilestoneID) async throws {
        peers.change { $0.escrows[milestone] = .unfunded }
        try await tell(.escrowLapsed, of: milestone)
    }

    /// Payments' event about a milestone's money comes, and is followed.
    @discardableResult
    func tell(
        _ name: InternalEventName, of milestone: MilestoneID, id: EventID = .make(at: .start)
    ) async throws -> EventID {
        try await tell(name, ["milestone_id": .string("\(milestone)")], id: id)
        try await features.funding.recheck(milestone)
        return id
    }

    @discardableResult
    func tell(
        _ name: InternalEventName, _ data: JSONValue, id: EventID = .make(at: .start)
    ) async throws -> EventID {
        try await take(name.rawValue, data, id: id)
    }

    /// The same of an event that parties are told, too.
    func tell(_ name: EventName, of milestone: MilestoneID) async throws {
        try await take(name.rawValue, ["milestone_id": .string("\(milestone)")], id: .make(at: .start))
        try await features.funding.recheck(milestone)
    }

    @discardableResult
    private func take(_ name: String, _ data: JSONValue, id: EventID) async throws -> EventID {
        try await receiver.take(.told(name, data, id: id, at: clock.now))
        return id
    }

    /// A negotiation as the party `account` sees it.
    func shown(_ id: NegotiationID, to account: AccountID, withAudit: Bool = false) async throws -> NegotiationView {
        let (negotiation, audit) = try await negotiations.get(id, by: account, withAudit: withAudit)
        return negotiation.view(for: negotiation.parties.role(of: account), withContacts: true, audit: audit)
    }

    func dispute(_ id: DisputeID) async throws -> Dispute {
        try #require(try await DisputeStore().find(id, in: database))
    }

    /// The names of all public events so far, in order.
    func announced() async throws -> [String] {
        try await database.all(
            "SELECT name FROM outbox WHERE destination = 'notifications' ORDER BY position"
        ) { try $0.decode("name") }
    }

    func count(_ event: EventName) async throws -> Int {
        try await announced().count { $0 == event.rawValue }
    }

    /// Runs the scheduled work, on the test's clock, until `condition` holds.
    func runScheduled(_ what: String, until condition: () async throws -> Bool) async throws {
        try await scheduler.run(until: what, condition)
    }
}
