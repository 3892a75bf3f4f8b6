import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: a match is decided once, in time, by the diagram.
@Suite struct MatchStateTests {
    /// The whole diagram. Every other move is refused.
    private static let arrows: [MatchStatus: [MatchEvent: MatchStatus]] = [
        .pending: [.accept: .accepted, .reject: .rejected, .save: .saved, .expire: .expired],
        .saved: [.accept: .accepted, .reject: .rejected, .expire: .expired],
    ]

    private let match = Match(
        of: .make(at: .start), with: .make(at: .start),
        MatchPoints(total: 70, technical: 80, cultural: 50, experience: 70), skills: ["React"], at: .start)

    @Test func `every state takes the events of the diagram and refuses the rest`() {
        #expect(MatchStatus.differences(from: Self.arrows) == [])
    }

    @Test func `a match is open for seven days, and nothing can be done with it afterwards`() {
        #expect(match.expiresAt == .start + .days(7))
        let last = match.expiresAt - .seconds(1)
        #expect(match.actions(at: last) == [.accept, .reject, .save])
        #expect(match.nextActions(by: .worker, at: last).map(\.action) == ["accept", "reject", "save"])
        #expect(match.actions(at: match.expiresAt) == [])
        #expect(match.status(at: match.expiresAt) == .expired)
        #expect(throws: MatchError.notNow(.accept, .expired, allowed: [])) {
            try match.require(.accept, at: match.expiresAt)
        }
    }

    @Test func `while it is being accepted it can only be accepted, until that takes too long`() throws {
        var match = match
        let first = try match.open(.make(at: .start), message: "Hello", at: .start)
        #expect(throws: MatchError.beingAccepted) { try match.require(.reject, at: .start) }
        #expect(throws: MatchError.beingAccepted) { try match.require(.save, at: .start) }
        let again = try match.open(.make(at: .start), message: "Other", at: .start + .seconds(1))
        #expect(again.id == first.id && again.message == "Hello")
        let later = .start + Match.openingTime + .seconds(1)
        try match.require(.reject, at: later)
        let third = try match.open(.make(at: later), message: "Third", at: later)
        #expect(third.id == first.id && third.message == "Third")
        match.close(at: later)
        try match.require(.reject, at: later)
    }

    @Test func `an action body is one that the endpoint takes`() {
        for action in match.nextActions(by: .client, at: .start) {
            #expect(action.href == "/v1/matches/\(match.id.prefixed)/action")
            #expect(action.body["action"]?.string == action.action)
        }
    }

    @Test func `refusals name what can be done instead`() {
        #expect(MatchError.notNow(.save, .saved, allowed: [.accept, .reject]).allowed == ["accept", "reject"])
        #expect(
            MatchError.notNow(.save, .saved, allowed: [.accept, .reject]).publicMessage
                == "A match that is saved cannot be saved; it can be accepted or rejected.")
        #expect(
            MatchError.notNow(.accept, .expired, allowed: []).publicMessage
                == "A match that is expired cannot be accepted; nothing can be done with it any more.")
        #expect(MatchError.beingAccepted.allowed == ["accept"])
    }
}
