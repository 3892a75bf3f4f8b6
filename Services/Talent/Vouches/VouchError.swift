import ServiceKit
import SharedModels

/// Refusals to vouch.
enum VouchError: Error, Equatable {
    case forOneself
    case vouchedBefore
}

extension VouchError: APIError {
    var code: ErrorCode {
        switch self {
        case .forOneself: .validationFailed
        case .vouchedBefore: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .forOneself: "Nobody can vouch for themselves."
        case .vouchedBefore: "You vouch for this account already."
        }
    }

    var issues: [InputIssue] {
        self == .forOneself ? [InputIssue(path: "vouched_user_id", message: "must be somebody else")] : []
    }
}
