import ServiceKit
import SharedModels

/// Refusals about jobs.
enum JobError: Error, Equatable {
    case notFound(GigID)
    case notTheOwner(AccountID, of: GigID)
    case notOpen(GigID)
    case contractUnderWay(GigID)
}

extension JobError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .notTheOwner: .forbidden
        case .notOpen: .badRequest
        case .contractUnderWay: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such job."
        case .notTheOwner: "Only the client who posted the job may do this."
        case .notOpen: "The job is not open. Its client can open it again while it has no contract."
        case .contractUnderWay: "The job has a contract that is not over; it can be opened again afterwards."
        }
    }
}
