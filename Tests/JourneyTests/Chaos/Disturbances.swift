import TestSupport

/// Something that goes wrong for everybody.
struct Disturbance: Sendable, CustomStringConvertible {
    enum Kind: String, Sendable {
        case killPayments, killReplica, killContracts, killAuth, killJobs, killProvider, restartDatabase
        case dropEvents, doubleEvents, delayEvents
        /// Of an account that is not ours.
        case strangeEvents
        /// Of real money, about payments of ours.
        case liveEvents
    }

    let kind: Kind
    /// Since the one before.
    let milliseconds: Int
    let times: Int64

    init(_ random: inout SeededGenerator) {
        kind = random.pick([
            .killPayments, .killPayments, .killPayments, .killReplica, .killReplica, .killContracts, .killContracts,
            .killAuth, .killJobs, .killProvider, .restartDatabase, .dropEvents, .doubleEvents, .delayEvents,
            .strangeEvents, .liveEvents,
        ])
        milliseconds = Int.random(in: 0...300, using: &random)
        times = Int64.random(in: 1...4, using: &random)
    }

    var description: String { "\(kind.rawValue) after \(milliseconds) ms" }
}

/// What the next calls of Stripe's do.
struct ProviderFault: Sendable {
    let path: String
    let mode: String
    let times: Int64
    /// Whether only what is asked about the deal's own payment fails, and not what is asked about others.
    let isBound: Bool
    /// Whether only looks fail, and not changes.
    let isOfReads: Bool

    init(_ paths: [String], _ random: inout SeededGenerator) {
        path = random.pick(paths)
        isBound = random.chance(3)
        // A call without an answer takes six seconds, so it is rare. A program that is killed in the middle of a call,
        // or a provider, loses the answer as well.
        mode =
            random.chance(60)
            ? random.pick(["timeout", "timeout_after_success"])
            : random.pick([
                "error", "error", "error_after_success", "error_after_success", "stored_error", "stored_error",
                "rate_limit",
                "decline", "unauthorized", "proxy_refusal", "events_first", "processing", "requires_action",
            ])
        times = mode.hasPrefix("timeout") ? 1 : Int64.random(in: 1...3, using: &random)
        isOfReads = ["error", "rate_limit", "unauthorized", "proxy_refusal"].contains(mode) && random.chance(3)
    }

    /// Faults of about half of the steps.
    static func choose(_ steps: [String: [String]], _ random: inout SeededGenerator) -> [String: ProviderFault] {
        var chosen: [String: ProviderFault] = [:]
        for (step, paths) in steps.sorted(by: { $0.key < $1.key }) where random.chance(2) {
            chosen[step] = ProviderFault(paths, &random)
        }
        return chosen
    }

    static func text(_ faults: [String: ProviderFault]) -> String {
        faults.sorted { $0.key < $1.key }.map {
            ", \($0.key): \($0.value.mode) of \($0.value.path)\($0.value.isOfReads ? " for reads" : "")"
                + "\($0.value.isBound ? " for it alone" : "") ×\($0.value.times)"
        }.joined()
    }
}

/// What somebody else does to a deal's money at Stripe.
struct Outsider: Sendable, CustomStringConvertible {
    enum Deed: String, CaseIterable, Sendable {
        case refundPart, refundAll, dispute
        case capture, capturePart, cancel, reverse, restrict, deauthorize, reject
    }

    let deed: Deed
    let phase: ChaosPlan.Phase
    /// Before the deal's own step of that phase, or after it.
    let isFirst: Bool
    /// How a dispute ends.
    let isWon: Bool
    /// Whether a worker whose account was restricted or lost is onboarded again. If not, the money goes back.
    let comesBack: Bool

    init(_ random: inout SeededGenerator) {
        self.init(random.pick(Deed.allCases), &random)
    }

    /// Of what can become of a payment that is made.
    init(ofPayment random: inout SeededGenerator) {
        self.init(random.pick([.refundPart, .refundAll, .dispute]), &random)
    }

    private init(_ deed: Deed, _ random: inout SeededGenerator) {
        self.deed = deed
        phase = random.pick([.held, .captured, .payout])
        isFirst = random.chance(2)
        isWon = random.chance(2)
        comesBack = deed != .reject && random.chance(2)
    }

    var description: String {
        let outcome =
            switch deed {
            case .dispute: isWon ? " that is won" : " that is lost"
            case .restrict, .deauthorize: comesBack ? "" : " for ever"
            case .refundPart, .refundAll, .capture, .capturePart, .cancel, .reverse, .reject: ""
            }
        return "somebody's \(deed.rawValue)\(outcome) \(isFirst ? "before" : "after") \(phase)"
    }
}
