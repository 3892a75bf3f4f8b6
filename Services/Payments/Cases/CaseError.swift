import ServiceKit
import SharedModels

/// Refusals about cases.
enum CaseError: Error, Equatable {
    case notFound(EscrowCaseID)
    /// The action does not fit the case.
    case notPossible(CaseAction, allowed: [CaseAction])
    /// Somebody closed it before.
    case closed
    /// What is needed for the action is not there any more.
    case nothingToDo
    /// What a wallet's owner owes is neither covered nor given up.
    case stillOwed
}

extension CaseError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .notPossible, .closed, .nothingToDo, .stillOwed: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such case."
        case .notPossible(let action, let allowed):
            allowed.isEmpty
                ? "Nothing can be done about such a case from here; do it elsewhere, then close the case with a note."
                : "\(action.rawValue) does not fit such a case; take one of those allowed."
        case .closed: "The case is closed already."
        case .nothingToDo: "There is nothing left to do about it from here; close the case with a note."
        case .stillOwed:
            "It is owed still. The case closes by itself once it is covered; write_off gives it up."
        }
    }

    var allowed: [String]? {
        switch self {
        case .notPossible(_, let allowed): allowed.map(\.rawValue)
        case .stillOwed: [CaseAction.writeOff.rawValue]
        case .notFound, .closed, .nothingToDo: nil
        }
    }

    var logDetail: String? {
        switch self {
        case .notFound(let id): "case \(id)"
        case .notPossible, .closed, .nothingToDo, .stillOwed: nil
        }
    }
}
