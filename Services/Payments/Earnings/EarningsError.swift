import ServiceKit
import SharedModels

/// Refusals about earnings.
enum EarningsError: Error, Equatable {
    case endsBeforeItBegins
    case tooLong
}

extension EarningsError: APIError {
    var code: ErrorCode { .validationFailed }

    var publicMessage: String {
        switch self {
        case .endsBeforeItBegins: "to must be from or a later month."
        case .tooLong: "from and to must be at most \(EarningsSpan.most) months apart, both counted."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .endsBeforeItBegins: [InputIssue(path: "to", message: "must be from or a later month")]
        case .tooLong:
            [InputIssue(path: "from", message: "must be at most \(EarningsSpan.most - 1) months earlier than to")]
        }
    }
}
