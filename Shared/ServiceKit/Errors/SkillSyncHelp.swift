import SharedModels

/// What SkillSync's errors say for programs and for people besides the message (SkillSync contract, section 1.2).
enum SkillSyncHelp {
    /// The longest reason, in words.
    private static let longestReason = 8

    /// A reason in snake case: `must_be_1_to_100` for "must be 1 to 100". What follows a comma, a colon or a semicolon
    /// explains, and is left out, as are the values that one is to be chosen from.
    static func reason(_ message: String) -> String {
        if message.utf8.starts(with: "must be one of ".utf8) { return "must_be_one_of" }
        let head = message.utf8.prefix { !",:;(".utf8.contains($0) }
        let words = head.split { !$0.isASCIIAlphanumeric }.prefix(longestReason)
        return words.map { String(decoding: $0, as: UTF8.self).lowercased() }.joined(separator: "_")
    }

    static func suggestion(for error: any APIError, _ detail: IssueDetail?) -> String {
        if let own = error.suggestion { return own }
        if let issue = error.issues.first { return suggestion(for: issue, detail) }
        if let allowed = error.allowed, !allowed.isEmpty {
            return "Do what is allowed: \(allowed.joined(separator: ", "))."
        }
        return suggestion(for: error.code)
    }

    private static func suggestion(for issue: InputIssue, _ detail: IssueDetail?) -> String {
        guard let expected = detail?.expected else { return "Correct \(issue.path) and send the request again." }
        if issue.message.utf8.starts(with: "is not known".utf8) {
            return "Leave \(issue.path) out; \(expected) is taken here."
        }
        return detail?.isInWordsOfIssue == true
            ? "Correct \(issue.path): it \(issue.message)." : "Send \(issue.path) as \(expected)."
    }

    private static func suggestion(for code: ErrorCode) -> String {
        switch code {
        case .unauthorized: "Send a key that is valid as 'Authorization: Bearer …'; POST /v1/auth/api-keys makes one."
        case .forbidden: "Use a key of the account that this belongs to, with the scope and the plan that it needs."
        case .notFound: "Check the path and the id."
        case .methodNotAllowed: "Use one of the methods in the header Allow."
        case .rateLimitExceeded: "Wait for the seconds in Retry-After, then try again."
        case .requestTimeout, .internalError, .badGateway, .serviceUnavailable, .gatewayTimeout, .agentPaused:
            "Try again with backoff."
        case .conflict: "Read what it is now, and go on from there."
        case .preconditionFailed: "Read it again, and repeat the change with its new ETag."
        case .idempotencyMismatch: "Use another Idempotency-Key for another request."
        case .payloadTooLarge, .uriTooLong: "Send less at once."
        case .unsupportedMediaType: "Send the body with the Content-Type that is taken here."
        case .badRequest, .validationFailed: "Correct the request and send it again."
        }
    }
}
