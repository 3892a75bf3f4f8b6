import ServiceKit
import SharedModels

/// A contract cannot be ended because of milestones that somebody must decide about first.
struct EndError: Error, Equatable {
    /// The milestones, by their place in the contract.
    let issues: [InputIssue]
    let allowed: [String]?

    init(blockedBy contract: Contract, allowed: [String]) {
        issues = contract.milestones.enumerated().compactMap { place, milestone in
            let standing: String? =
                milestone.dispute != nil ? "disputed" : milestone.status == .delivered ? "delivered" : nil
            return standing.map { InputIssue(path: "milestones.\(place)", message: "“\(milestone.title)” is \($0)") }
        }
        self.allowed = allowed
    }
}

extension EndError: APIError {
    var code: ErrorCode { .conflict }

    var publicMessage: String {
        let names = issues.map(\.message).joined(separator: ", ")
        return "The milestone \(names): release it or have its dispute decided before the contract ends."
    }
}
