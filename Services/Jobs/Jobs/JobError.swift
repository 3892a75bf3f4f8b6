import ServiceKit
import SharedModels

/// Refusals about jobs.
enum JobError: Error, Equatable {
    case notFound(GigID)
    case notTheOwner(AccountID, of: GigID)
    case notOpen(GigID)
    case contractUnderWay(GigID)
    /// A path that names the caller named somebody else.
    case notYourOwn(AccountID)
    case postedForAnother
    case unreadableDate(member: String)
    case startInThePast
    case endBeforeStart
    /// A category or skills that do not exist, or are no longer offered.
    case unknownNames(member: String)
    case onlyOpenOnes
}

extension JobError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .notTheOwner, .notYourOwn, .postedForAnother: .forbidden
        case .notOpen: .badRequest
        case .unreadableDate, .startInThePast, .endBeforeStart, .unknownNames, .onlyOpenOnes: .validationFailed
        case .contractUnderWay: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such job."
        case .notTheOwner: "Only the client who posted the job may do this."
        case .notOpen: "The job is not open. Its client can open it again while it has no contract."
        case .contractUnderWay: "The job has a contract that is not over; it can be opened again afterwards."
        case .notYourOwn: "This path is for the account that it names. Put your own id into it."
        case .postedForAnother, .unreadableDate, .startInThePast, .endBeforeStart, .unknownNames, .onlyOpenOnes:
            issues.first.map { "\($0.path) \($0.message)." } ?? ""
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .postedForAnother: [InputIssue(path: "userId", message: "must be your own; it may be left out")]
        case .unreadableDate(let member):
            [InputIssue(path: member, message: "must be a day as 2026-01-31 or a time as 2026-01-31T12:00:00Z")]
        case .startInThePast: [InputIssue(path: "startDate", message: "must not be a day that is over")]
        case .endBeforeStart: [InputIssue(path: "endDate", message: "must not be before startDate")]
        case .unknownNames(let member):
            [InputIssue(path: member, message: "must be of those that are offered: list them, and take their _id")]
        case .onlyOpenOnes:
            [InputIssue(path: "filter", message: "must be Open: the board has open jobs only. See your own at my-jobs")]
        case .notFound, .notTheOwner, .notOpen, .contractUnderWay, .notYourOwn: []
        }
    }
}
