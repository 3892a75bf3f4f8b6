import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: everybody sees what is theirs to see, whatever other services can tell.
@Suite struct HireReadingTests {
    private func first(_ limit: Int = 50) throws -> PagePlace { try PagePlace(page: 1, limit: limit, cursor: nil) }

    @Test func `parties and admins read a hire, and nobody else`() async throws {
        try await Deals.with { deals in
            let id = try await deals.hired().id
            for reader in [
                Principal.sample(deals.client), .sample(deals.worker), .sample(.make(at: .start), isAdmin: true),
            ] {
                #expect(try await deals.hires.get(id, by: reader).0.id == id)
            }
            await #expect(throws: HireError.notFound) {
                try await deals.hires.get(id, by: .sample(.make(at: .start)))
            }
        }
    }

    /// Each surface lists its own flow's; somebody else's flow is a 404 there.
    @Test func `neither surface finds the other's contracts`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.agreed()
            let hire = try await deals.hired()
            await #expect(throws: HireError.notFound) {
                try await deals.hires.get(contract.id, by: .sample(deals.client))
            }
            await #expect(throws: HireError.notFound) {
                try await deals.hires.approve(contract.id, by: deals.worker, expecting: anyVersion)
            }
            await #expect(throws: HireError.notFound) { try await deals.settlements.release(contract.id) }
            #expect(try await deals.settlements.find([contract.id, hire.id]).map(\.id) == [hire.id])
            #expect(try await deals.hires.list(.all, from: first()).page.items.map(\.id) == [hire.id])
            await #expect(throws: ContractError.notFound) { try await deals.contracts.get(hire.id, by: deals.client) }
            await #expect(throws: ContractError.notFound) {
                try await deals.contracts.approve(hire.id, by: deals.client, expecting: anyVersion)
            }
            await #expect(throws: ContractError.notFound) {
                try await deals.reviews.write(
                    ReviewInput(rating: 5), of: hire.id, by: deals.client, expecting: anyVersion)
            }
            let contracts = try await deals.contracts.page(of: deals.client, in: nil, after: nil, limit: 50)
            #expect(contracts.items.map(\.id) == [contract.id])
        }
    }

    @Test func `lists are newest first, in pages by number or cursor, with how many there are`() async throws {
        try await Deals.with { deals in
            var made: [ContractID] = []
            for _ in 0..<5 {
                deals.clock.advance(by: .seconds(1))
                made.insert(try await deals.hired().id, at: 0)
            }
            let list = HireSelection.ofClient(deals.client)
            let second = try await deals.hires.list(list, from: PagePlace(page: 2, limit: 2, cursor: nil))
            #expect(second.count == 5 && second.page.items.map(\.id) == Array(made[2...3]))
            let cursor = try #require(second.page.nextCursor.flatMap { PageCursor($0) })
            deals.clock.advance(by: .seconds(1))
            _ = try await deals.hired()
            let third = try await deals.hires.list(list, from: PagePlace(page: 1, limit: 2, cursor: cursor))
            #expect(third.count == 6 && third.page.items.map(\.id) == [made[4]] && third.page.nextCursor == nil)
            #expect(throws: Refusal.self) { try PagePlace(page: 2, limit: 2, cursor: cursor) }
            let past = try await deals.hires.list(list, from: PagePlace(page: 1_000_000, limit: 100, cursor: nil))
            #expect(past.count == 6 && past.page.items.isEmpty)
        }
    }

    @Test func `what is completed is everybody's to see, without mail addresses or actions`() async throws {
        try await Deals.with { deals in
            _ = try await deals.ongoingHire()
            let hire = try await deals.completedHire()
            let list = try await deals.hires.list(.completed(deals.worker), from: first())
            #expect(list.count == 1 && list.page.items.map(\.id) == [hire.id])
            let shown = hire.document(
                list.surroundings.job(of: hire), list.surroundings.publicParty(deals.client), hire.freelancer,
                showsActions: false)
            let text = String(decoding: try JSONValue.encode(shown, in: .camelCase), as: UTF8.self)
            #expect(text.contains(#""name":"Ada""#) && !text.contains("ada@example.com"))
            #expect(text.contains(#""nextActions":[]"#))
        }
    }

    @Test func `while jobs and talent are away, ids and the title are shown`() async throws {
        try await Deals.with { deals in
            let made = try await deals.hired()
            let (hire, full) = try await deals.hires.get(made.id, by: .sample(deals.client))
            #expect(full.party(deals.worker).name == "Ada" && full.party(deals.worker).email == "ada@example.com")
            #expect(full.job(of: hire).rate == Rupees(paise: 100_000) && full.job(of: hire).status == .ongoing)
            deals.hirePeers.change { state in
                state.jobsFault = OutboundError.timedOut
                state.peopleFault = PeerRefusal.sample(.serviceUnavailable)
            }
            let (_, bare) = try await deals.hires.get(made.id, by: .sample(deals.client))
            #expect(bare.job(of: hire).title == "Compiler work" && bare.job(of: hire).rate == nil)
            let nobody = bare.party(deals.worker)
            #expect(nobody._id.id == deals.worker && nobody.name.isEmpty && nobody.email == nil)
        }
    }

    @Test func `no more is asked than the other services take at once`() async throws {
        let peers = FakeHirePeers()
        let observer = HireObserver(peers: peers, logger: .quiet)
        let people = (0..<250).map { _ in AccountID.make(at: .start) }
        let surroundings = await observer.surroundings(people: people + people)
        #expect(surroundings.people.count == 250 && peers.current.questions == 3)
    }

    @Test func `a document has Skillhouse's members and forms`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.startedHire()
            let json = try JSONValue.parse(JSONValue.encode(hire.view, in: .camelCase))
            #expect(
                json.object?.map(\.name) == [
                    "_id", "contractId", "jobId", "clientId", "freelancerId", "isApproved", "status", "amount",
                    "escrowPaid", "canceledBy", "cancelReason", "cancelReasonDescription", "releaseFundStatus",
                    "isDeleted", "statusHistory", "createdAt", "updatedAt", "nextActions",
                ])
            #expect(json["_id"]?.string?.wholeMatch(of: /[0-9a-f]{24}/) != nil)
            #expect(json["contractId"]?.string == hire.number)
            #expect(json["clientId"]?.string == deals.client.objectID)
            #expect(json["amount"] == 1000 && json["canceledBy"] == JSONValue.null)
            #expect(json["statusHistory"]?.array?.first?["timestamp"] == "01-01-26")
            #expect(json["nextActions"]?.array?.first?["by"]?.array == ["worker"])
        }
    }
}
