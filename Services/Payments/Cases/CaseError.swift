import ServiceKit
import SharedModels

/// Refusals about cases.
enum CaseError: Error, Equatable {
    case notFound(EscrowCaseID)
}

extension CaseError: APIError {
    var code: ErrorCode { .notFound }
    var publicMessage: String { "There is no such case." }
    var logDetail: String? {
        switch self {
        case .notFound(let id): "case \(id)"
        }
    }
}
