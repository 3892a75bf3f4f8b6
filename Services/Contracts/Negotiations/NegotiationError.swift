import ServiceKit
import SharedModels

/// Refusals about negotiations, besides ``ActionError``.
enum NegotiationError: Error, Equatable {
    /// Also for a stranger, who must not learn that it exists.
    case notFound
    case noTerms
    /// The caller agrees to a round that is not the latest.
    case staleRound(current: Int, allowed: [String])
    /// The fourth round: the negotiation has expired with this call.
    case roundsUsedUp
    case alreadyNegotiating
    /// Rate times hours is not an amount that the payment provider takes.
    case notPayable(allowed: [String])
    /// The same, because of what the caller proposes.
    case badPrice(Factor)

    /// What the price of a week is made of.
    enum Factor: String {
        case rate = "rate_cents"
        case hours = "hours_per_week"

        fileprivate var rule: String {
            "times \(self == .rate ? Self.hours.rawValue : Self.rate.rawValue) \(Money.payableRule(.usd))"
        }
    }
}

extension NegotiationError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .noTerms, .badPrice: .validationFailed
        case .staleRound, .roundsUsedUp, .alreadyNegotiating, .notPayable: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such negotiation."
        case .noTerms: "A round proposes at least one term."
        case .staleRound(let current, _): "The terms have changed since: round \(current) stands."
        case .roundsUsedUp: "All three rounds were used; the negotiation has expired."
        case .alreadyNegotiating: "You are already negotiating with this worker about this gig."
        case .badPrice(let factor): "\(factor.rawValue) \(factor.rule)."
        case .notPayable: "The price of a week, rate_cents times hours_per_week, \(Money.payableRule(.usd))."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .noTerms: [InputIssue(path: "", message: "must name at least one term")]
        case .notPayable: [InputIssue(path: Factor.rate.rawValue, message: Factor.rate.rule)]
        case .badPrice(let factor): [InputIssue(path: factor.rawValue, message: factor.rule)]
        case .notFound, .staleRound, .roundsUsedUp, .alreadyNegotiating: []
        }
    }

    var allowed: [String]? {
        switch self {
        case .staleRound(_, let allowed), .notPayable(let allowed): allowed
        case .roundsUsedUp: []
        case .notFound, .noTerms, .alreadyNegotiating, .badPrice: nil
        }
    }
}
