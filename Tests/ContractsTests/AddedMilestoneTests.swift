import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: the client can add milestones to an active contract, and its milestones are paid in order.
@Suite struct AddedMilestoneTests {
    private static let docs = MilestoneInput(title: "Documentation", amountCents: 50_000)

    @Test func `a milestone is added after those that are there, and both parties hear of it`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let updates = try await deals.count(.contractUpdated)
            let (after, milestone) = try await deals.add(Self.docs, to: contract.id)
            #expect(milestone.position == 2)
            #expect(milestone.status == .pending)
            #expect(after.version == contract.version + 1)
            let seen = try await deals.contracts.get(contract.id, by: deals.worker)
            #expect(seen == after)
            #expect(seen.milestones.map(\.title) == ["Compiler work", "Documentation"])
            #expect(try await deals.count(.contractUpdated) == updates + 1)
        }
    }

    @Test func `only the milestones that have changed are written, also when they change back`() async throws {
        try await Deals.with { deals in
            func writer(of milestone: MilestoneID) async throws -> String {
                try await deals.database.one("SELECT xmin::text AS writer FROM milestones WHERE id = \(milestone)") {
                    try $0.decode("writer")
                }
            }
            let contract = try await deals.delivered()
            let first = contract.milestones[0]
            let second = try await deals.add(Self.docs, to: contract.id).1.id
            let (before, beside) = (try await writer(of: first.id), try await writer(of: second))
            _ = try await deals.releases.release(first.id, of: contract.id, by: deals.client)
            #expect(try await writer(of: first.id) != before)
            #expect(try await writer(of: second) == beside)
            try await deals.database.transaction { tx in
                guard var contract = try await ContractStore().lock(contract.id, in: tx) else { return }
                for title in ["Something else", first.title] {
                    try contract.change(first.id) { $0.title = title }
                    try await ContractStore().save(&contract, in: tx)
                }
            }
            let seen = try await deals.contracts.get(contract.id, by: deals.worker)
            #expect(seen.milestones[0].title == first.title)
        }
    }

    @Test func `it is funded only when the one before is released, and the deal ends with the last`()
        async throws
    {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let first = contract.milestones[0].id
            let second = try await deals.add(Self.docs, to: contract.id).1.id
            await #expect(
                throws: ActionError.notNow(.fund, state: "pending", allowed: ["release", "dispute", "withdraw"])
            ) {
                try await deals.milestones.fund(second, of: contract.id, by: deals.client)
            }
            _ = try await deals.releases.release(first, of: contract.id, by: deals.client)
            let between = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(between.status == .active)
            #expect(between.nextActions(at: deals.clock.now).map(\.action) == ["fund", "withdraw", "end"])
            _ = try await deals.milestones.fund(second, of: contract.id, by: deals.client)
            try await deals.hold(second)
            _ = try await deals.milestones.deliver(
                DeliveryInput(), for: second, of: contract.id, by: deals.worker, expecting: anyVersion)
            _ = try await deals.releases.release(second, of: contract.id, by: deals.client)
            #expect(try await deals.contracts.get(contract.id, by: deals.client).status == .completed)
            #expect(try await deals.count(.milestoneFunded) == 2)
            #expect(try await deals.count(.milestoneReleased) == 2)
            await #expect(throws: MilestoneError.contractNotActive(status: .completed, allowed: ["review"])) {
                try await deals.add(Self.docs, to: contract.id)
            }
        }
    }

    @Test func `only the client adds milestones, and only to an active contract`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            await #expect(throws: ContractError.notFound) {
                try await deals.add(Self.docs, to: contract.id, by: .make(at: .start))
            }
            await #expect(throws: MilestoneError.clientAdds) {
                try await deals.add(Self.docs, to: contract.id, by: deals.worker)
            }
            await #expect(
                throws: MilestoneError.contractNotActive(status: .pendingFreelancerKYC, allowed: ["revise", "fund"])
            ) {
                try await deals.add(Self.docs, to: contract.id)
            }
            #expect(try await deals.contracts.get(contract.id, by: deals.client).milestones.count == 1)
            #expect(MilestoneError.clientAdds.code == .forbidden)
        }
    }

    @Test func `a stale version adds nothing`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            await #expect(throws: Refusal.self) {
                try await deals.milestones.add(Self.docs, to: contract.id, by: deals.client) { version in
                    #expect(version == contract.version)
                    throw Refusal(.preconditionFailed, "\(version)")
                }
            }
            #expect(try await deals.contracts.get(contract.id, by: deals.client) == contract)
        }
    }

    @Test func `there are at most fifty, also when many are added at the same time`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let free = MilestoneInput(title: "More", amountCents: 0)
            let added = await attempts(60) { try await deals.add(free, to: contract.id) }
            #expect(added.successes.count == 49)
            #expect(
                added.failures.allSatisfy {
                    $0 as? MilestoneError == .tooMany(allowed: ["release", "dispute", "withdraw", "end"])
                })
            let seen = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(seen.milestones.map(\.position) == Array(1...50))
        }
    }

    @Test func `a paid milestone of a contract that began without money asks the worker to onboard`()
        async throws
    {
        try await Deals.with { deals in
            let contract = try await deals.approved(Terms(hoursPerWeek: 0))
            let first = contract.milestones[0].id
            _ = try await deals.milestones.fund(first, of: contract.id, by: deals.client)
            let active = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(active.actors(of: .connect).isEmpty)
            let paid = try await deals.add(Self.docs, to: contract.id).0
            #expect(paid.actors(of: .connect) == [.worker])
            let link = try await deals.contracts.connectLink(contract.id, by: deals.worker)
            #expect(link.hasSuffix("\(deals.worker)"))
            try await deals.tell(.payeeOnboarded, ["user_id": .string("\(deals.worker)")])
            let seen = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(seen.status == .active)
            #expect(seen.actors(of: .connect).isEmpty)
        }
    }

    @Test(arguments: [Int64(1), 49])
    func `a milestone costs nothing, or what the payment provider takes`(cents: Int64) async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            await #expect(throws: MilestoneError.notPayable()) {
                try await deals.add(MilestoneInput(title: "Docs", amountCents: cents), to: contract.id)
            }
            #expect(try await deals.contracts.get(contract.id, by: deals.client) == contract)
            for cents in [Int64(0), 50, 99_999_999] {
                try await deals.add(MilestoneInput(title: "Docs", amountCents: cents), to: contract.id)
            }
        }
    }

    @Test func `a milestone without a title, or for less than nothing, is refused by name`() throws {
        let schema = try #require(Endpoints.contracts.addMilestone.operation.inputSchema)
        func paths(_ input: JSONValue) -> [String] { schema.issues(in: input).map(\.path) }
        #expect(paths(["title": "Docs", "amount_cents": 0]).isEmpty)
        #expect(paths(["title": " ", "amount_cents": 0]) == ["title"])
        #expect(paths(["title": .string(String(repeating: "a", count: 201)), "amount_cents": 0]) == ["title"])
        #expect(paths(["title": "Docs", "amount_cents": -1]) == ["amount_cents"])
        #expect(paths(["title": "Docs", "amount_cents": 99_999_999]).isEmpty)
        #expect(paths(["title": "Docs", "amount_cents": 100_000_000]) == ["amount_cents"])
        #expect(paths(["title": "Docs"]) == ["amount_cents"])
    }
}

extension Deals {
    @discardableResult
    func add(
        _ input: MilestoneInput, to contract: ContractID, by account: AccountID? = nil
    ) async throws -> (Contract, Milestone) {
        try await milestones.add(input, to: contract, by: account ?? client, expecting: anyVersion)
    }
}
