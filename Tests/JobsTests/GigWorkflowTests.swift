import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: only its owner can change a gig, and each change is announced once, or not made.
@Suite struct GigWorkflowTests {
    @Test(arguments: [GigStatus?.none, .draft, .active, .closed])
    func `a new gig is a draft unless told otherwise, and is announced once to its owner`(status: GigStatus?)
        async throws
    {
        try await Market.with { market in
            let gig = try await market.gigs.create(
                GigInput(
                    title: "Linker work", description: "All", scope: "A week", rateCents: 0, status: status),
                by: market.owner, at: market.clock.now)
            #expect(gig.status == status ?? .draft)
            #expect(gig.version == 1 && gig.createdAt == .start && gig.updatedAt == .start)
            #expect(try await market.gigs.get(gig.id, by: market.owner) == gig)
            let told = try await market.announced()
            #expect(told.map(\.name) == ["gig.created"])
            let destinations = try await market.announced(to: nil).map(\.destination)
            #expect(destinations == GigCreated.destinations.map(\.rawValue))
            #expect(told.first?.recipients == [market.owner] && told.first?.sequence == 1)
            #expect(told.first?.data == (try gig.told()))
        }
    }

    @Test func `each change is one version and one announcement, in order`() async throws {
        try await Market.with { market in
            let gig = try await market.post(.draft)
            for (index, status) in [GigStatus.active, .closed, .active, .draft].enumerated() {
                market.clock.advance(by: .seconds(1))
                let changed = try await market.change(gig.id, GigUpdate(status: status))
                #expect(changed.status == status && changed.version == Int64(index + 2))
                #expect(changed.createdAt == gig.createdAt && changed.updatedAt == market.clock.now)
                #expect(try await market.gigs.get(gig.id, by: market.owner) == changed)
            }
            try await market.delete(gig.id)
            let told = try await market.announced()
            #expect(
                told.map(\.name) == ["gig.created"] + Array(repeating: "gig.updated", count: 4) + [
                    "gig.deleted"
                ])
            #expect(told.map(\.sequence) == [1, 2, 3, 4, 5, 6])
            #expect(told.allSatisfy { $0.aggregate.uuid == gig.id.uuid && $0.recipients == [market.owner] })
            #expect(
                told.map { $0.data["status"]?.string } == [
                    "draft", "active", "closed", "active", "draft", "draft",
                ])
        }
    }

    @Test func `what null clears is gone from the database too`() async throws {
        try await Market.with { market in
            let gig = try await market.gigs.create(
                GigInput(title: "A", description: "B", scope: "C", rateCents: 1), by: market.owner,
                at: market.clock.now)
            try await market.change(
                gig.id, GigUpdate(title: "D", description: .clear, scope: .set("E"), rateCents: .clear))
            let read = try await market.gigs.get(gig.id, by: market.owner)
            #expect(
                read.title == "D" && read.description == nil && read.scope == "E" && read.rate == nil)
            #expect(read.status == .draft)
        }
    }

    @Test(arguments: GigStatus.allCases)
    func `drafts and closed gigs do not exist for others, applicants among them`(status: GigStatus)
        async throws
    {
        try await Market.with { market in
            let gig = try await market.post()
            try await market.apply(to: gig.id)
            let changed = try await market.change(gig.id, GigUpdate(status: status))
            #expect(try await market.gigs.get(gig.id, by: market.owner) == changed)
            for other in [market.worker, market.stranger] {
                if status == .active {
                    #expect(try await market.gigs.get(gig.id, by: other) == changed)
                } else {
                    await #expect(throws: GigError.notFound(gig.id)) {
                        try await market.gigs.get(gig.id, by: other)
                    }
                }
            }
        }
    }

    @Test(arguments: GigStatus.allCases)
    func `nobody else changes or deletes a gig, and a hidden one is refused like a missing one`(
        status: GigStatus
    )
        async throws
    {
        try await Market.with { market in
            let gig = try await market.post(status)
            try await market.forgetAnnouncements()
            let refusal: GigError =
                status == .active ? .notTheOwner(market.stranger, of: gig.id) : .notFound(gig.id)
            await #expect(throws: refusal) {
                try await market.change(gig.id, GigUpdate(title: "Mine"), by: market.stranger)
            }
            await #expect(throws: refusal) { try await market.delete(gig.id, by: market.stranger) }
            #expect(try await market.gigs.get(gig.id, by: market.owner) == gig)
            #expect(try await market.announced().isEmpty)
        }
    }

    @Test func `a gig that is not there cannot be read, changed or deleted`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            try await market.delete(gig.id)
            try await market.forgetAnnouncements()
            let missing = GigError.notFound(gig.id)
            await #expect(throws: missing) { try await market.gigs.get(gig.id, by: market.owner) }
            await #expect(throws: missing) { try await market.change(gig.id, GigUpdate(status: .active)) }
            await #expect(throws: missing) { try await market.delete(gig.id) }
            #expect(try await market.announced().isEmpty)
        }
    }

    @Test func `a change of a version that is not the present one is refused, and changes nothing`()
        async throws
    {
        try await Market.with { market in
            let gig = try await market.post()
            let changed = try await market.gigs.update(
                gig.id, GigUpdate(title: "B"), by: market.owner, at: market.clock.now, expecting: onlyVersion(1))
            try await market.forgetAnnouncements()
            await #expect(throws: Refusal(.preconditionFailed, "2")) {
                try await market.gigs.update(
                    gig.id, GigUpdate(title: "C"), by: market.owner, at: market.clock.now,
                    expecting: onlyVersion(1))
            }
            await #expect(throws: Refusal(.preconditionFailed, "2")) {
                try await market.gigs.delete(
                    gig.id, by: market.owner, at: market.clock.now, expecting: onlyVersion(1))
            }
            #expect(try await market.gigs.get(gig.id, by: market.owner) == changed)
            #expect(try await market.announced().isEmpty)
            try await market.gigs.delete(
                gig.id, by: market.owner, at: market.clock.now, expecting: onlyVersion(2))
        }
    }

    @Test func `of changes to one version at the same time, one is made`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let changes = await attempts(8) { index in
                try await market.gigs.update(
                    gig.id, GigUpdate(title: "\(index)"), by: market.owner, at: market.clock.now,
                    expecting: onlyVersion(1))
            }
            #expect(changes.successes.count == 1)
            #expect(changes.failures.allSatisfy { ($0 as? Refusal)?.code == .preconditionFailed })
            #expect(try await market.gigs.get(gig.id, by: market.owner) == changes.successes.first)
            #expect(try await market.names() == ["gig.created", "gig.updated"])
        }
    }

    @Test func `of identical changes at the same time one is made and told, and the same again changes nothing`()
        async throws
    {
        try await Market.with { market in
            let gig = try await market.post()
            let changes = await attempts(4) { try await market.change(gig.id, GigUpdate(title: "Same")) }
            #expect(changes.successes.map(\.version) == [2, 2, 2, 2])
            market.clock.advance(by: .seconds(1))
            for update in [GigUpdate(), GigUpdate(title: "Same", status: .active)] {
                #expect(try await market.change(gig.id, update) == changes.successes.first)
                await #expect(throws: Refusal(.preconditionFailed, "2")) {
                    try await market.gigs.update(
                        gig.id, update, by: market.owner, at: market.clock.now, expecting: onlyVersion(1))
                }
            }
            #expect(try await market.gigs.get(gig.id, by: market.owner) == changes.successes.first)
            #expect(try await market.names() == ["gig.created", "gig.updated"])
        }
    }

    @Test func `changes of different members at the same time are all kept, and told in their order`()
        async throws
    {
        try await Market.with { market in
            let gig = try await market.post(.draft)
            let updates = [
                GigUpdate(title: "B"), GigUpdate(description: .set("C")), GigUpdate(scope: .set("D")),
                GigUpdate(rateCents: .set(7)), GigUpdate(status: .active),
            ]
            let changes = await attempts(updates.count) { try await market.change(gig.id, updates[$0]) }
            #expect(changes.failures.isEmpty)
            let read = try await market.gigs.get(gig.id, by: market.owner)
            #expect(read.title == "B" && read.description == "C" && read.scope == "D")
            #expect(read.rate == .usd(cents: 7) && read.status == .active && read.version == 6)
            let told = try await market.announced()
            #expect(told.map(\.sequence) == [1, 2, 3, 4, 5, 6])
            #expect(told.last?.data == (try read.told()))
        }
    }

    @Test func `a gig goes with its applications, and others stay`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let kept = try await market.application(.shortlisted)
            try await market.apply(to: gig.id)
            try await market.apply(to: gig.id, by: market.stranger)
            try await market.delete(gig.id)
            #expect(try await market.allApplications() == [kept.id])
            #expect(try await market.mine().map(\.application) == [kept])
        }
    }

    @Test func `of deletions at the same time one is made and told`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let deletions = await attempts(6) { try await market.delete(gig.id) }
            #expect(deletions.successes.count == 1)
            #expect(deletions.failures.allSatisfy { $0 as? GigError == .notFound(gig.id) })
            #expect(try await market.names() == ["gig.created", "gig.deleted"])
        }
    }

    @Test func `what cannot be told is not done`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let application = try await market.apply(to: gig.id)
            try await market.breakOutbox()
            await #expect(throws: PostgresError.self) { try await market.post() }
            await #expect(throws: PostgresError.self) {
                try await market.change(gig.id, GigUpdate(title: "B"))
            }
            await #expect(throws: PostgresError.self) { try await market.delete(gig.id) }
            await #expect(throws: PostgresError.self) {
                try await market.apply(to: gig.id, by: market.stranger)
            }
            await #expect(throws: PostgresError.self) {
                try await market.decide(.shortlisted, on: application.id, of: gig.id)
            }
            #expect(try await market.page(after: nil, limit: 9).gigs == [gig])
            #expect(try await market.mine().map(\.application) == [application])
            #expect(try await market.allApplications() == [application.id])
        }
    }

    @Test(arguments: ["title = ''", "title = repeat('a', 201)", "rate_cents = -1", "status = 'published'"])
    func `the database itself refuses what no gig may be`(change: String) async throws {
        try await Market.with { market in
            let gig = try await market.post()
            await #expect(throws: PostgresError.self) {
                try await market.database.transaction {
                    try await $0.script("UPDATE gigs SET \(change)", within: .seconds(60))
                }
            }
            #expect(try await market.gigs.get(gig.id, by: market.owner) == gig)
        }
    }
}
