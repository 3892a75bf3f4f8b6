import SharedModels

/// An error that can be shown to a caller.
package protocol APIError: Error {
    var code: ErrorCode { get }
    /// Safe for every caller to read.
    var publicMessage: String { get }
    /// The members that are wrong, and why.
    var issues: [InputIssue] { get }
    /// What the caller could do instead.
    var allowed: [String]? { get }
    /// What would help, in a sentence, where the issues and the code do not tell; SkillSync shows it.
    var suggestion: String? { get }
    var retryAfter: Duration? { get }
    /// How to sign in, as `WWW-Authenticate` says it (RFC 9110, section 11.6.1); of a 401 only.
    var challenge: String { get }
    /// The name that OAuth 2.0 has for it; `nil` takes the usual one of its code.
    var oauthName: String? { get }
    /// For the log only.
    var logDetail: String? { get }
}

extension APIError {
    package var issues: [InputIssue] { [] }
    package var allowed: [String]? { nil }
    package var suggestion: String? { nil }
    package var retryAfter: Duration? { nil }
    package var challenge: String { "Bearer realm=\"guildhall\"" }
    package var oauthName: String? { nil }
    package var logDetail: String? { nil }
}

/// Refusals that do not belong to one domain.
package struct Refusal: APIError, Equatable {
    package let code: ErrorCode
    package let publicMessage: String
    package var issues: [InputIssue] = []
    package var allowed: [String]?
    package var suggestion: String?
    package var retryAfter: Duration?
    package var logDetail: String?
    package var oauthName: String?

    package init(
        _ code: ErrorCode, _ message: String, issues: [InputIssue] = [], allowed: [String]? = nil,
        suggestion: String? = nil, retryAfter: Duration? = nil, logDetail: String? = nil
    ) {
        self.code = code
        publicMessage = message
        self.issues = issues
        self.allowed = allowed
        self.suggestion = suggestion
        self.retryAfter = retryAfter
        self.logDetail = logDetail
    }

    package static func notFound(_ thing: String) -> Self { Self(.notFound, "There is no such \(thing).") }
    package static func forbidden(_ message: String) -> Self { Self(.forbidden, message) }
    package static func unauthorized(_ message: String) -> Self { Self(.unauthorized, message) }

    package static func conflict(_ message: String, allowed: [String]? = nil) -> Self {
        Self(.conflict, message, allowed: allowed)
    }

    package static func validation(_ issues: [InputIssue]) -> Self {
        let first = issues.first.map { $0.path.isEmpty ? "The body \($0.message)." : "\($0.path) \($0.message)." }
        return Self(.validationFailed, first ?? "The input is not valid.", issues: issues)
    }

    package static func validation(_ path: String, _ message: String) -> Self {
        validation([InputIssue(path: path, message: message)])
    }

    package static func unavailable(retryAfter: Duration = .seconds(2), logDetail: String? = nil) -> Self {
        Self(
            .serviceUnavailable, "This cannot be answered right now; try again shortly.", retryAfter: retryAfter,
            logDetail: logDetail)
    }
}
