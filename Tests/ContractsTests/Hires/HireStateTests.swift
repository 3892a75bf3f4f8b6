import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: a hire starts when it is approved and paid, ends once, and its money moves once.
@Suite struct HireStateTests {
    /// The whole diagram. Every other move is refused.
    static let arrows: [CheckoutContractStatus: [HireEvent: CheckoutContractStatus]] = [
        .pending: [.start: .started, .cancel: .canceled],
        .started: [.proceed: .ongoing, .cancel: .canceled],
        .ongoing: [.complete: .completed, .cancel: .canceled],
    ]

    static let releases: [ReleaseFundStatus: [ReleaseEvent: ReleaseFundStatus]] = [
        .notRequested: [.request: .requested, .refund: .approved],
        .requested: [.approve: .approved],
    ]

    @Test func `every status takes the events of the diagram and refuses the rest`() {
        #expect(CheckoutContractStatus.differences(from: Self.arrows) == [])
        for (event, status) in Self.arrows.values.joined() { #expect(status.cause == event) }
    }

    @Test func `every release takes the events of the diagram and refuses the rest`() {
        #expect(ReleaseFundStatus.differences(from: Self.releases) == [])
    }

    @Test func `it starts at the later of approval and payment`() throws {
        var approvedFirst = Hire.sample()
        try approvedFirst.approve(at: .start)
        #expect(approvedFirst.status == .pending && approvedFirst.history.isEmpty)
        try approvedFirst.pay(at: .start + .hours(1))
        #expect(approvedFirst.status == .started && approvedFirst.startedAt == .start + .hours(1))

        var paidFirst = Hire.sample()
        try paidFirst.pay(at: .start)
        #expect(paidFirst.status == .pending)
        try paidFirst.approve(at: .start + .hours(2))
        #expect(paidFirst.status == .started && paidFirst.startedAt == .start + .hours(2))
    }

    @Test func `the history tells each change with its day and its moment`() throws {
        var hire = Hire.sample()
        try hire.approve(at: .start)
        try hire.pay(at: .start)
        try hire.move(.proceed, at: .start + .days(40))
        #expect(hire.history.map(\.status) == [.started, .ongoing])
        // It begins on 2026-01-01.
        #expect(hire.history.map(\.timestamp) == ["01-01-26", "10-02-26"])
        #expect(hire.history.map(\.at) == [.start, .start + .days(40)])
    }

    @Test func `next actions are what the rules allow, with bodies that the endpoints take`() throws {
        var hire = Hire.sample()
        #expect(hire.nextActions.map(\.action) == ["approve", "pay", "cancel"])
        #expect(hire.nextActions.map(\.by) == [[.worker], [.client], [.client, .worker]])
        try hire.approve(at: .start)
        #expect(hire.nextActions.map(\.action) == ["pay", "cancel"])
        #expect(hire.nextActions[0].body["rate"] == 1000)
        try hire.pay(at: .start)
        #expect(hire.nextActions.map(\.action) == ["update-status", "refund"])
        #expect(hire.nextActions[0].body == ["status": "Ongoing"])
        try hire.move(.proceed, at: .start)
        #expect(hire.nextActions[0].body == ["status": "Completed"])
        try hire.move(.complete, at: .start)
        #expect(hire.nextActions.map(\.action) == ["release-fund", "review"])
        for action in Hire.everyStage.flatMap(\.nextActions) {
            #expect(action.operation != nil && action.hasFittingBody, "\(action)")
        }
    }

    @Test(arguments: HireAction.allCases, PartyRole.allCases)
    func `an action is refused exactly when it is not offered`(action: HireAction, role: PartyRole) throws {
        for hire in Hire.everyStage {
            if hire.actors(of: action).contains(role) {
                try hire.require(action, by: role)
            } else {
                #expect(throws: (any Error).self) { try hire.require(action, by: role) }
            }
        }
    }
}

extension Hire {
    static func sample() -> Self {
        let now = Timestamp.start
        return Hire(
            id: .make(at: now), number: "CON12345678",
            of: HiredJob(jobID: .make(at: now), title: "Compiler work", rate: 100_000), between: .sample,
            for: .rupees(1000), at: now)
    }

    /// A hire in each state that it can be in.
    static var everyStage: [Hire] {
        func stage(_ change: (inout Hire) throws -> Void) -> Hire? {
            var hire = sample()
            return (try? change(&hire)).map { hire }
        }
        let moves: [(inout Hire) throws -> Void] = [
            { try $0.approve(at: .start) }, { try $0.pay(at: .start) }, { try $0.move(.proceed, at: .start) },
            { try $0.move(.complete, at: .start) }, { $0.release = try $0.release.applying(.request) },
            { $0.release = try $0.release.applying(.approve) }, { $0.reviewedAt = .start },
        ]
        let onTheWay = (0...moves.count).compactMap { count in
            stage { hire in for move in moves.prefix(count) { try move(&hire) } }
        }
        let others = [
            stage { try $0.pay(at: .start) },
            stage { try $0.cancel(.none, isDeleted: true, at: .start) },
            stage {
                try $0.pay(at: .start)
                try $0.refund(.none, at: .start)
            },
        ]
        return onTheWay + others.compactMap(\.self)
    }
}
