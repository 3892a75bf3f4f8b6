import ServiceKit
import SharedModels

/// Refusals about resumes.
enum ResumeError: Error, Equatable {
    case notFound
}

extension ResumeError: APIError {
    var code: ErrorCode { .notFound }
    var publicMessage: String { "There is no such resume." }
}
