import ServiceKit
import SharedModels

/// Refusals about the books.
enum LedgerError: Error, Equatable {
    case noSuchAccount(String)
}

extension LedgerError: APIError {
    var code: ErrorCode { .notFound }
    var publicMessage: String { "Nothing was ever posted to this account." }
    var logDetail: String? {
        switch self {
        case .noSuchAccount(let id): "account \(id)"
        }
    }
}
