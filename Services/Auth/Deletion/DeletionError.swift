import ServiceKit
import SharedModels

/// Refusals to delete an account.
enum DeletionError: Error, Equatable {
    /// The open money and disputes that keep the account.
    case accountInUse([DeletionBlocker])
    /// The answer about what is open is too old to rely on.
    case tooSlow
}

extension DeletionError: APIError {
    var code: ErrorCode {
        switch self {
        case .accountInUse: .conflict
        case .tooSlow: .serviceUnavailable
        }
    }

    var publicMessage: String {
        switch self {
        case .accountInUse:
            "The account cannot be deleted while it has open money or an open dispute; the issues name each."
        case .tooSlow: "The account was not deleted, since that took too long; try again shortly."
        }
    }

    var issues: [InputIssue] {
        if case .accountInUse(let blockers) = self { blockers.map(\.issue) } else { [] }
    }

    var retryAfter: Duration? {
        if case .tooSlow = self { .seconds(5) } else { nil }
    }
}
