import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: one application per freelancer and gig, to active gigs of others, announced to both sides.
@Suite struct ApplyTests {
    @Test(arguments: [String?.none, "", "I can do it"])
    func `an application is told once, to the owner and then the applicant`(message: String?) async throws {
        try await Market.with { market in
            let title = #"“Compiler” "work" \"# + "\n"
            let gig = try await market.post(title: title)
            try await market.forgetAnnouncements()
            market.clock.advance(by: .seconds(1))
            let application = try await RequestTrace.$current.withValue(RequestTrace(requestID: "req-1")) {
                try await market.apply(to: gig.id, message: message)
            }
            #expect(application.status == .applied && application.version == 1)
            #expect(application.message == message && application.workerID == market.worker)
            #expect(application.createdAt == market.clock.now && application.updatedAt == market.clock.now)
            #expect(try await market.mine().map(\.application) == [application])
            let told = try await market.announced()
            #expect(told.map(\.name) == ["gig.application.created"])
            #expect(told.map(\.destination) == ApplicationCreated.destinations.map(\.rawValue))
            #expect(told.first?.recipients == [market.owner, market.worker])
            #expect(told.first?.aggregate.uuid == application.id.uuid && told.first?.sequence == 1)
            let shown = try JSONValue(encoding: application.view).object ?? []
            #expect(told.first?.data == .object(shown + .milestoneCapture + [JSONMember("gig_title", .string(title))]))
            let requests: [String?] = try await market.database.all("SELECT request_id FROM outbox") {
                try $0.decode("request_id")
            }
            #expect(requests == ["req-1"])
        }
    }

    @Test func `fifty attempts at the same time are one application, told once`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let applied = await attempts(50) { try await market.apply(to: gig.id) }
            #expect(applied.successes.count == 1)
            #expect(applied.failures.allSatisfy { $0 as? ApplicationError == .alreadyApplied(gig.id) })
            #expect(try await market.allApplications() == applied.successes.map(\.id))
            #expect(try await market.names() == ["gig.created", "gig.application.created"])
        }
    }

    @Test func `fifty freelancers at the same time all get through`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let workers = (0..<50).map { _ in AccountID.make(at: .start) }
            let applied = await attempts(50) { try await market.apply(to: gig.id, by: workers[$0]) }
            #expect(applied.failures.isEmpty)
            #expect(Set(applied.successes.map(\.workerID)) == Set(workers))
            #expect(try await market.allApplications() == applied.successes.map(\.id).sorted())
            let told = try await market.announced().dropFirst()
            #expect(Set(told.map { $0.recipients }) == Set(workers.map { [market.owner, $0] }))
        }
    }

    @Test func `a second application is refused, whatever became of the first`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let first = try await market.apply(to: gig.id)
            for decision in [ApplicationStatus.shortlisted, .rejected] {
                let decided = try await market.decide(decision, on: first.id, of: gig.id)
                await #expect(throws: ApplicationError.alreadyApplied(gig.id)) {
                    try await market.apply(to: gig.id, message: "Again")
                }
                #expect(try await market.mine().map(\.application) == [decided])
            }
            // To another gig of the same owner, and by another freelancer to this one.
            let other = try await market.post()
            try await market.apply(to: other.id)
            try await market.apply(to: gig.id, by: market.stranger)
        }
    }

    @Test(arguments: GigStatus.allCases)
    func `nobody applies to a gig of their own`(status: GigStatus) async throws {
        try await refusal(status, of: ApplicationError.ownGig, by: \.owner)
    }

    @Test func `a closed gig takes no applications`() async throws {
        try await refusal(.closed, of: GigError.notActive, by: \.worker)
    }

    @Test func `a draft is refused like a gig that is not there`() async throws {
        try await refusal(.draft, of: GigError.notFound, by: \.worker)
        try await Market.with { (market) async throws in
            let missing = GigID.make(at: .start)
            await #expect(throws: GigError.notFound(missing)) { try await market.apply(to: missing) }
            #expect(try await market.announced().isEmpty)
        }
    }

    /// An attempt to apply to a gig in `status`, which is refused and leaves nothing.
    private func refusal(
        _ status: GigStatus, of error: (GigID) -> some Error & Equatable, by caller: KeyPath<Market, AccountID>
    ) async throws {
        try await Market.with { market in
            let gig = try await market.post(status)
            await #expect(throws: error(gig.id)) {
                try await market.apply(to: gig.id, by: market[keyPath: caller])
            }
            #expect(try await market.allApplications().isEmpty)
            #expect(try await market.names() == ["gig.created"])
        }
    }

    @Test func `a gig that was closed and is active again takes applications again`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            try await market.change(gig.id, GigUpdate(status: .closed))
            await #expect(throws: GigError.notActive(gig.id)) { try await market.apply(to: gig.id) }
            try await market.change(gig.id, GigUpdate(status: .active))
            try await market.apply(to: gig.id)
        }
    }

    @Test(arguments: [GigStatus.closed, .draft])
    func `an application that is begun while the gig is being closed is refused`(status: GigStatus)
        async throws
    {
        try await Market.with { market in
            let gig = try await market.post()
            let applying = try await market.database.transaction { tx in
                let store = GigStore()
                let locked = try await store.lock(gig.id, in: tx)
                let closed = try #require(locked).applying(GigUpdate(status: status), at: market.clock.now)
                try await store.save(closed, in: tx)
                return try await tx.block { try await market.apply(to: gig.id) }
            }
            await #expect(throws: status == .closed ? GigError.notActive(gig.id) : .notFound(gig.id)) {
                try await applying.value
            }
            #expect(try await market.allApplications().isEmpty)
            #expect(try await market.names() == ["gig.created"])
        }
    }

    @Test func `an application that is begun while the gig is being deleted finds no gig`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let applying = try await market.database.transaction { tx in
                try await GigStore().delete(gig.id, in: tx)
                return try await tx.block { try await market.apply(to: gig.id) }
            }
            await #expect(throws: GigError.notFound(gig.id)) { try await applying.value }
            #expect(try await market.allApplications().isEmpty)
        }
    }

    @Test func `a gig is closed after the application that came first, and keeps it`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            // As with an Idempotency-Key: the application commits a moment after it was made.
            let (application, closing) = try await CommitScope.run(on: market.database) { scope in
                let application = try await market.apply(to: gig.id)
                let closing = try await scope.inTransaction { tx in
                    try await tx.block { try await market.change(gig.id, GigUpdate(status: .closed)) }
                }
                return (application, closing)
            }
            #expect(try await closing.value.status == .closed)
            #expect(try await market.allApplications() == [application.id])
            #expect(try await market.names() == ["gig.created", "gig.application.created", "gig.updated"])
        }
    }

    @Test func `no application is told after the closing of its gig`() async throws {
        try await Market.with { market in
            for _ in 0..<15 {
                let gig = try await market.post()
                try await market.forgetAnnouncements()
                let workers = (0..<9).map { _ in AccountID.make(at: .start) }
                let applied = await attempts(workers.count) { index in
                    if index == 3 {
                        _ = try await market.change(gig.id, GigUpdate(status: .closed))
                    } else {
                        _ = try await market.apply(to: gig.id, by: workers[index])
                    }
                }
                #expect(applied.failures.allSatisfy { $0 as? GigError == .notActive(gig.id) })
                let names = try await market.names()
                #expect(names.last == "gig.updated")
                #expect(names.count == applied.successes.count)
                await #expect(throws: GigError.notActive(gig.id)) { try await market.apply(to: gig.id) }
            }
        }
    }
}
