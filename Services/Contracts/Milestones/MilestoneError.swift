import ServiceKit
import SharedModels

/// Refusals about milestones, besides ``ActionError``.
enum MilestoneError: Error, Equatable {
    case notFound
    /// A worker tried to add one.
    case clientAdds
    /// It costs what the payment provider does not take, or less than the operator wants.
    case notPayable(PriceRule = PriceRule())
    case contractNotActive(status: ContractStatus, allowed: [String])
    case tooMany(allowed: [String])
    case onlyOne(allowed: [String])
}

extension MilestoneError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .clientAdds: .forbidden
        case .notPayable: .validationFailed
        case .contractNotActive, .tooMany, .onlyOne: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such milestone."
        case .clientAdds: "Only the client can add milestones."
        case .notPayable(let rule): "amount_cents \(rule.words)."
        case .contractNotActive(let status, _):
            "It is \(status.rawValue): milestones are added to active contracts only."
        case .tooMany: "A contract has at most \(Contract.milestoneLimit) milestones."
        case .onlyOne: "It is the contract's only milestone: both parties can end the contract instead."
        }
    }

    var issues: [InputIssue] {
        if case .notPayable(let rule) = self { [InputIssue(path: "amount_cents", message: rule.words)] } else { [] }
    }

    var allowed: [String]? {
        switch self {
        case .contractNotActive(_, let allowed), .tooMany(let allowed), .onlyOne(let allowed): allowed
        case .notFound, .clientAdds, .notPayable: nil
        }
    }
}
