import TestSupport

/// What happens in one schedule: which deals there are, how each ends, and what goes wrong. It follows from its seed
/// alone.
struct ChaosPlan: Sendable, CustomStringConvertible {
    /// The schedule's parts. Between them days pass, so that holds are captured, milestones released by themselves and
    /// earnings paid out.
    enum Phase: Int, CaseIterable, Sendable {
        case funding, held, captured, payout
    }

    let seed: UInt64
    let mood: StripeMood
    let milestones: [MilestonePlan]
    let hires: [HirePlan]
    /// What is killed or goes wrong for all, by phase.
    let disturbances: [[Disturbance]]

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        self.seed = seed
        mood = StripeMood(&random)
        milestones = (0..<3).map { _ in MilestonePlan(&random, of: seed) }
        hires = (0..<2).map { _ in HirePlan(&random, of: seed) }
        disturbances = Phase.allCases.map { _ in
            (0..<Int.random(in: 2...4, using: &random)).map { _ in Disturbance(&random) }
        }
    }

    var description: String {
        let lines =
            ["seed \(seed): \(mood)"] + milestones.map { "  \($0)" } + hires.map { "  \($0)" }
            + zip(Phase.allCases, disturbances).map { phase, list in
                "  \(phase): " + list.map(\.description).joined(separator: ", ")
            }
        return lines.joined(separator: "\n")
    }
}

/// How Stripe treats money in a schedule.
struct StripeMood: Sendable, CustomStringConvertible {
    /// Until captured money is available.
    let delaySeconds: Int64
    let arePending: Bool
    let hasFees: Bool
    /// Whether the platform's money leaves for its bank before the payouts, and comes back after them.
    let isEmptied: Bool
    /// Whether it leaves every day, as from a new account.
    let isPaidOutDaily: Bool

    init(_ random: inout SeededGenerator) {
        delaySeconds = random.pick([0, 0, 2 * 86_400])
        arePending = random.chance(3)
        hasFees = random.chance(2)
        isEmptied = random.chance(4)
        isPaidOutDaily = random.chance(6)
    }

    var description: String {
        "money after \(delaySeconds) s, refunds \(arePending ? "pending" : "at once"), fees \(hasFees ? "on" : "off")"
            + (isEmptied ? ", nothing there at the payouts" : "") + (isPaidOutDaily ? ", daily payouts" : "")
    }
}

/// One milestone's money.
struct MilestonePlan: Sendable, CustomStringConvertible {
    enum Ending: String, CaseIterable, Sendable {
        /// The client releases delivered work, while its money is only held or when it was captured.
        case releaseHeld, releaseCaptured
        /// Nobody disputes it.
        case deadline
        /// Both parties end the contract: the hold is cancelled, or the captured money goes back.
        case endHeld, endCaptured
        /// An admin decides a dispute.
        case decideForClientHeld, decideForClientCaptured, decideForWorkerHeld, splitHeld, splitCaptured

        /// When it is tried.
        var phase: ChaosPlan.Phase {
            switch self {
            case .releaseHeld, .endHeld, .decideForClientHeld, .decideForWorkerHeld, .splitHeld: .held
            case .releaseCaptured, .endCaptured, .decideForClientCaptured, .splitCaptured: .captured
            case .deadline: .payout
            }
        }

        var isDelivered: Bool { self != .endHeld && self != .endCaptured }
    }

    let seed: UInt64
    let ending: Ending
    let card: String
    let bankAccepts: Bool
    /// Whether each step is asked for three times at once.
    let isImpatient: Bool
    /// Before each step.
    let faults: [String: ProviderFault]
    let outsider: Outsider?
    /// Whether the client pays once more for what came back.
    let paysAgain: Bool

    init(_ random: inout SeededGenerator, of seed: UInt64) {
        self.seed = seed
        ending = random.pick(Ending.allCases)
        card = random.pick(Self.cards)
        bankAccepts = random.chance(2)
        faults = ProviderFault.choose(
            [
                "onboard": ["/v1/accounts", "/account_links"],
                "fund": ["/v1/customers", "/payment_intents", "/confirm"],
                "ending": ["/capture", "/cancel", "/refunds", "/payment_intents"], "payout": ["/v1/transfers"],
            ], &random)
        outsider = random.chance(2) ? Outsider(&random) : nil
        isImpatient = random.chance(3)
        paysAgain = random.chance(2)
    }

    private static let cards =
        Array(repeating: "pm_card_visa", count: 6)
        + ["pm_card_refundFail", "pm_card_pendingRefund", "pm_card_createDispute", "pm_card_bypassPending"]

    /// Whether its money must end as its ending says, to the cent.
    var isPlain: Bool { outsider == nil && card != "pm_card_createDispute" && card != "pm_card_refundFail" }

    var description: String {
        "\(seed)'s milestone \(ending.rawValue) with \(card)\(isImpatient ? ", impatient" : "")"
            + "\(outsider.map { ", \($0)" } ?? "")\(paysAgain ? ", paid again" : "")\(ProviderFault.text(faults))"
    }
}

/// One contract of Skillhouse.
struct HirePlan: Sendable, CustomStringConvertible {
    enum Ending: String, CaseIterable, Sendable {
        case release, refundStarted, refundOngoing
        /// The freelancer cancels before the client pays, so that the payment goes back.
        case cancelUnpaid
        /// The client opens a second page.
        case secondPage
    }

    let seed: UInt64
    let ending: Ending
    let card: String
    let isDelayed: Bool
    let isImpatient: Bool
    let faults: [String: ProviderFault]
    let outsider: Outsider?

    init(_ random: inout SeededGenerator, of seed: UInt64) {
        self.seed = seed
        ending = random.pick(Ending.allCases)
        card = random.pick([
            "pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_pendingRefund", "pm_card_refundFail",
        ])
        isDelayed = random.chance(4)
        faults = ProviderFault.choose(
            [
                "page": ["/checkout/sessions"], "pay": ["/pay", "/checkout/sessions"],
                "ending": ["/payment_intents", "/refunds"],
            ], &random)
        outsider = random.chance(3) ? Outsider(ofPayment: &random) : nil
        isImpatient = random.chance(3)
    }

    var isPlain: Bool { outsider == nil && card != "pm_card_refundFail" }

    var description: String {
        "\(seed)'s hire \(ending.rawValue) with \(card)\(isImpatient ? ", impatient" : "")"
            + "\(isDelayed ? ", delayed" : "")\(outsider.map { ", \($0)" } ?? "")"
            + ProviderFault.text(faults)
    }
}

extension SeededGenerator {
    mutating func pick<Element>(_ all: [Element]) -> Element { all[Int.random(in: all.indices, using: &self)] }

    /// One time in `count`.
    mutating func chance(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}
