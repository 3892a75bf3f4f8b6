import ServiceKit
import SharedModels

/// Refusals about contracts, besides ``ActionError``.
enum ContractError: Error, Equatable {
    /// Also for a stranger, who must not learn that it exists.
    case notFound
}

extension ContractError: APIError {
    var code: ErrorCode { .notFound }
    var publicMessage: String { "There is no such contract." }
}
