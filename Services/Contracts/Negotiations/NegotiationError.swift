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
    case notPayable(PriceRule = PriceRule(), allowed: [String])
    /// The same, because of what the caller proposes.
    case badPrice(Factor, PriceRule = PriceRule())

    /// What the price of a week is made of.
    enum Factor: String {
        case rate = "rate_cents"
        case hours = "hours_per_week"

        fileprivate func text(_ rule: PriceRule) -> String {
            "times \(self == .rate ? Self.hours.rawValue : Self.rate.rawValue) \(rule.words)"
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
        case .badPrice(let factor, let rule): "\(factor.rawValue) \(factor.text(rule))."
        case .notPayable(let rule, _): "The price of a week, rate_cents times hours_per_week, \(rule.words)."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .noTerms: [InputIssue(path: "", message: "must name at least one term")]
        case .notPayable(let rule, _): [InputIssue(path: Factor.rate.rawValue, message: Factor.rate.text(rule))]
        case .badPrice(let factor, let rule): [InputIssue(path: factor.rawValue, message: factor.text(rule))]
        case .notFound, .staleRound, .roundsUsedUp, .alreadyNegotiating: []
        }
    }

    var allowed: [String]? {
        switch self {
        case .staleRound(_, let allowed), .notPayable(_, let allowed): allowed
        case .roundsUsedUp: []
        case .notFound, .noTerms, .alreadyNegotiating, .badPrice: nil
        }
    }
}
