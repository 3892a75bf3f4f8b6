import Foundation
import SharedModels
import Testing

extension Journeys {
    /// Seeded schedules of kills and provider faults at every step of every path of money. `make chaos SEEDS=500` runs
    /// more of them, from `FIRST_SEED` on.
    @Suite(
        .enabled(if: LocalStack.isGiven, "the stack's processes are not this machine's: GUILDHALL_TEST_HOME is not set")
    )
    struct Chaos {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private static func number(_ name: String, _ otherwise: UInt64) -> UInt64 {
            ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? otherwise
        }
        private static let first = number("CHAOS_FIRST_SEED", 1)
        /// `nil` when nobody asked for schedules in particular.
        private static let count = ProcessInfo.processInfo.environment["CHAOS_SEEDS"].flatMap { UInt64($0) }
        /// How many schedules run at once. They share a stack, so each suffers the kills of the others, too.
        private static let width = max(1, number("CHAOS_SIDE_BY_SIDE", 4))
        private static let groups: [[UInt64]] = stride(from: 0, to: count ?? 20, by: Int(width)).map {
            Array(first + $0..<first + min($0 + width, count ?? 20))
        }

        @Test(arguments: groups)
        func `Whatever is killed and whatever Stripe does, all money is where all books say it is`(seeds: [UInt64])
            async throws
        {
            let plans = seeds.map(ChaosPlan.init)
            let text = plans.map(\.description).joined(separator: "\n")
            if Self.count != nil { print(text) }
            let begin = ContinuousClock.now
            do {
                try await ChaosWorld.use(stack) { try await run(plans, in: $0) }
            } catch {
                // To be repeated with FIRST_SEED and SEEDS.
                Issue.record("\(error)\n\(text)")
            }
            print("schedules \(seeds) took \(ContinuousClock.now - begin)")
        }

        /// The schedules' deals live side by side, through one phase after the other. How Stripe treats money is as the
        /// first schedule says.
        private func run(_ plans: [ChaosPlan], in world: ChaosWorld) async throws {
            guard let mood = plans.first?.mood else { return }
            let admin = try await stack.admin().caller
            let mayWait =
                mood.isEmptied || mood.isPaidOutDaily
                || plans.flatMap(\.milestones).contains { $0.faults["payout"]?.mode == "decline" }
            let milestones = try await Parallel.map(plans.flatMap(\.milestones)) {
                try await MilestoneMoney.make($0, mayWait: mayWait, in: world)
            }
            let hires = try await Parallel.map(plans.flatMap(\.hires)) {
                try await HireMoney.make($0, by: admin, in: world)
            }
            try await world.set(mood)
            try await world.processes.revive([.replica])
            for phase in ChaosPlan.Phase.allCases {
                if phase == .captured { try await world.advance(6 * 86_400 + 3_600) }
                if phase == .payout {
                    if mood.isEmptied { await world.outside("payouts", .object([])) }
                    try await world.advance(9 * 86_400)
                }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for plan in plans {
                        group.addTask {
                            for disturbance in plan.disturbances[phase.rawValue] {
                                try await world.suffer(disturbance)
                            }
                        }
                    }
                    for milestone in milestones {
                        group.addTask {
                            try await FailedDeal.naming("\(milestone.plan)") {
                                try await milestone.live(through: phase)
                            }
                        }
                    }
                    for hire in hires {
                        group.addTask {
                            try await FailedDeal.naming("\(hire.plan)") { try await hire.live(through: phase) }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            try await world.calm()
            if mood.isEmptied || mood.isPaidOutDaily { try await world.fillAgain() }
            try await world.awaitRest()
            // Banks decide, refunds arrive or fail, and what was asked about once a day is asked about again.
            for milestone in milestones { try await milestone.settle() }
            for hire in hires { try await hire.settle() }
            // At last, what workers without an account cannot be paid is given back.
            for wait: Int64 in [7_200, 26 * 3_600, 4 * 86_400, 15 * 86_400] {
                try await world.advance(wait)
                try await world.awaitRest()
                try await world.payBack()
            }
            try await world.awaitRest()
            for milestone in milestones { try await milestone.checkRest() }
            for hire in hires { try await hire.checkRest() }
        }
    }
}

/// A deal that does not come to its end.
private struct FailedDeal: Error, CustomStringConvertible {
    let deal: String
    let error: any Error

    var description: String { "\(deal): \(error)" }

    static func naming(_ deal: @autoclosure () -> String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            throw Self(deal: deal(), error: error)
        }
    }
}
