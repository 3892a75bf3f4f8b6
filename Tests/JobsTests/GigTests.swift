import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: a change affects the members that it names, and nothing else.
@Suite struct GigTests {
    private let later = Timestamp.start + .seconds(1)

    @Test func `what a change leaves out stays, null clears, and a value replaces`() {
        let gig = Gig.sample()
        let kept = gig.applying(GigUpdate(), at: later)
        #expect(kept.title == gig.title && kept.description == gig.description && kept.scope == gig.scope)
        #expect(kept.rate == gig.rate && kept.status == gig.status)
        let cleared = gig.applying(
            GigUpdate(description: .clear, scope: .clear, rateCents: .clear), at: later)
        #expect(cleared.description == nil && cleared.scope == nil && cleared.rate == nil)
        #expect(cleared.title == gig.title && cleared.status == gig.status)
        let set = gig.applying(
            GigUpdate(
                title: "Linker work", description: .set(""), scope: .set("A week"), rateCents: .set(0),
                status: .active),
            at: later)
        #expect(set.title == "Linker work" && set.description == "" && set.scope == "A week")
        #expect(set.rate == .usd(cents: 0) && set.status == .active)
    }

    @Test func `every change has its own version and time`() {
        let gig = Gig.sample()
        let changed = gig.applying(GigUpdate(title: "Linker work"), at: later)
        #expect(changed.version == gig.version + 1)
        #expect(changed.updatedAt == later)
        #expect(changed.id == gig.id && changed.ownerID == gig.ownerID && changed.createdAt == gig.createdAt)
    }

    @Test func `what changes nothing leaves version and time as they are`() {
        let gig = Gig.sample(title: "caf\u{e9}")
        let same = GigUpdate(
            title: gig.title, description: .set("All of it"), scope: .set("One month"),
            rateCents: .set(5_000), status: .draft)
        for update in [GigUpdate(), GigUpdate(title: gig.title), same] {
            #expect(gig.applying(update, at: later) == gig)
        }
        // The same text in another spelling is another text.
        let respelled = gig.applying(GigUpdate(title: "cafe\u{301}"), at: later)
        #expect(Array(respelled.title.utf8) == Array("cafe\u{301}".utf8) && respelled.version == 2)
    }

    @Test(arguments: GigStatus.allCases)
    func `a deleted gig has no next action`(status: GigStatus) throws {
        let gig = Gig.sample(status: status)
        let told = try JSONValue.parse(gig.announcement(GigDeleted.self).json)
        #expect(told["next_actions"] == [])
        #expect(told["id"] == .string("\(gig.id)") && told["status"] == .string(status.rawValue))
    }

    @Test(arguments: GigStatus.allCases, GigStatus.allCases)
    func `a gig may move between any two states`(from: GigStatus, to: GigStatus) {
        #expect(Gig.sample(status: from).applying(GigUpdate(status: to), at: later).status == to)
    }

    @Test(arguments: GigStatus.allCases)
    func `all see active gigs, their owner every one`(status: GigStatus) {
        let gig = Gig.sample(status: status)
        #expect(gig.isVisible(to: gig.ownerID))
        #expect(gig.isVisible(to: .make(at: .start)) == (status == .active))
    }

    @Test(arguments: [GigStatus.active: "apply", .draft: "publish", .closed: "publish"])
    func `the next action leads on`(status: GigStatus, action: String) throws {
        let gig = Gig.sample(status: status)
        let actions = try gig.shown().nextActions
        #expect(actions.map(\.action) == [action])
        #expect(actions.first?.href.contains("/api/gigs/\(gig.id)") == true)
        #expect(actions.first?.by == [status == .active ? .worker : .client])
    }

    @Test(arguments: GigStatus.allCases, [Int64?.none, 0, 9_007_199_254_740_991])
    func `a gig is shown whole, in events too`(status: GigStatus, rateCents: Int64?) throws {
        let gig = Gig.sample(
            title: "“Quotes” and \\ and \n", description: rateCents == nil ? nil : "", rateCents: rateCents,
            status: status, createdAt: .start + .microseconds(1))
        let shown = try gig.shown()
        #expect(shown.id == gig.id && shown.ownerUserID == gig.ownerID && shown.title == gig.title)
        #expect(shown.description == gig.description && shown.scope == gig.scope)
        #expect(shown.rateCents == rateCents && shown.status == status)
        #expect(shown.createdAt == gig.createdAt && shown.updatedAt == gig.updatedAt)
        // No other members, and every unknown one as null.
        #expect(Encoded<GigView>(gig).bytes == (try JSONValue.encode(shown)))
        let event = gig.announcement(GigUpdated.self)
        #expect(try JSONValue.parse(event.json) == gig.told())
        #expect(event.recipients == [gig.ownerID])
        #expect(event.sequence == gig.version && event.at == gig.updatedAt)
    }
}
