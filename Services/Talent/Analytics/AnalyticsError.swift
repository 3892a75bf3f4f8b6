import ServiceKit
import SharedModels

/// Refusals about figures.
enum AnalyticsError: Error, Equatable {
    case notYours
    case notOnThisPlan
}

extension AnalyticsError: APIError {
    var code: ErrorCode { .forbidden }

    var publicMessage: String {
        switch self {
        case .notYours: "These are another account's figures; ask for your own."
        case .notOnThisPlan: "Figures of the platform are part of the Enterprise plan."
        }
    }

    var suggestion: String? {
        switch self {
        case .notYours: "Use your own id in the path."
        case .notOnThisPlan: "Use an account of the plan Enterprise or Custom; an admin sets an account's plan."
        }
    }
}
