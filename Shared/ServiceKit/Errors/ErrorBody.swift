import SharedModels

/// An error in its surface's shape.
enum ErrorBody {
    /// - Parameter detail: What SkillSync tells of the first issue.
    static func bytes(
        _ error: any APIError, _ detail: IssueDetail? = nil, surface: Surface, requestID: String, at now: Timestamp
    ) -> [UInt8] {
        switch surface {
        case .skillSync: skillSync(error, detail, requestID, now)
        case .oauth: oauth(error, requestID)
        case .clawConnected, .skillhouse, .internal, .operations: common(error, requestID)
        }
    }

    private static func common(_ error: any APIError, _ requestID: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.key("message"); writer.value(error.publicMessage)
        writer.key("status"); writer.value(error.code.status)
        writer.key("error")
        writer.beginObject()
        writer.key("code"); writer.value(error.code.rawValue)
        writer.key("message"); writer.value(error.publicMessage)
        write(error.issues, to: &writer)
        if let allowed = error.allowed {
            writer.key("allowed")
            writer.beginArray()
            for action in allowed { writer.value(action) }
            writer.endArray()
        }
        writer.endObject()
        writer.key("request_id"); writer.value(requestID)
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ issues: [InputIssue], to writer: inout JSONWriter) {
        writer.key("issues")
        writer.beginArray()
        for issue in issues {
            writer.beginObject()
            writer.key("path"); writer.value(issue.path)
            writer.key("message"); writer.value(issue.message)
            writer.endObject()
        }
        writer.endArray()
    }

    /// RFC 6749, section 5.2, and what the other surfaces say besides: clients of OAuth ignore it.
    private static func oauth(_ error: any APIError, _ requestID: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.key("error"); writer.value(OAuthErrorText.name(of: error))
        writer.key("error_description"); writer.value(OAuthErrorText.description(of: error))
        writer.key("error_code"); writer.value(error.code.rawValue)
        write(error.issues, to: &writer)
        writer.key("request_id"); writer.value(requestID)
        writer.endObject()
        return writer.bytes
    }

    private static func skillSync(
        _ error: any APIError, _ detail: IssueDetail?, _ requestID: String, _ now: Timestamp
    ) -> [UInt8] {
        // Only what cannot be read at all is a bad request here; what names a parameter is about its value.
        let isAboutValue = error.code == .badRequest && !error.issues.isEmpty
        let code = (isAboutValue ? ErrorCode.validationFailed : error.code).skillSyncName
        let issue = error.issues.first
        var refusal: [JSONMember] = [
            JSONMember("code", .string(code)), JSONMember("message", .string(error.publicMessage)),
            JSONMember(
                "details",
                [
                    "field": issue.map { .string($0.path) } ?? .null,
                    "issue": issue.map { .string(SkillSyncHelp.reason($0.message)) } ?? .null,
                    "provided": detail?.provided ?? .null,
                    "expected": detail?.expected.map { .string($0) } ?? .null,
                ]),
            JSONMember("suggestion", .string(SkillSyncHelp.suggestion(for: error, detail))),
        ]
        if let allowed = error.allowed {
            refusal.append(JSONMember("allowed", .array(allowed.map { .string($0) })))
        }
        let body: JSONValue = [
            "success": false,
            "error": .object(refusal),
            "meta": [
                "timestamp": .string(Timestamp(seconds: now.seconds).description),
                "request_id": .string(requestID),
                "documentation": "https://docs.skillsync.ai/errors#\(code.lowercased())",
            ],
        ]
        return body.bytes
    }
}
