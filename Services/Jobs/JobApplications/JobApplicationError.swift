import ServiceKit
import SharedModels

/// Refusals about applications to jobs.
enum JobApplicationError: Error, Equatable {
    /// Also for somebody else's application.
    case notFound(ApplicationID)
    case ownJob(GigID)
    case alreadyApplied(GigID)
    case decided(JobApplicationStatus)
    case inUse(ApplicationID)
    /// Somebody who is neither the freelancer nor the job's client.
    case notYours(GigID)
}

extension JobApplicationError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .ownJob, .notYours: .forbidden
        case .alreadyApplied, .decided, .inUse: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such application."
        case .ownJob: "You cannot apply to your own job."
        case .alreadyApplied: "You have already applied to the job."
        case .decided(let status):
            "The application is \(status.rawValue): only a Pending one can be withdrawn."
        case .inUse: "A contract with you about the job is being made: the application stays until that is over."
        case .notYours: "You can ask whether you have applied, or who has applied to your own job."
        }
    }
}
