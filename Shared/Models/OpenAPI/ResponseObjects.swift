/// The headers of answers, as components of the document.
enum ResponseHeader: String, CaseIterable {
    case requestID = "X-Request-Id"
    case tag = "ETag"
    case replayed = "Idempotent-Replayed"
    case location = "Location"
    case fileName = "Content-Disposition"
    case part = "Content-Range"
    case retryAfter = "Retry-After"
    case authenticate = "WWW-Authenticate"
    case rateLimit = "X-RateLimit-Limit"
    case rateLimitRemaining = "X-RateLimit-Remaining"
    case rateLimitReset = "X-RateLimit-Reset"
    case rateLimitRetryAfter = "X-RateLimit-Retry-After"

    /// What answers to callers with a plan say of it.
    static let ofPlans: [Self] = [.rateLimit, .rateLimitRemaining, .rateLimitReset, .rateLimitRetryAfter]

    /// The header object (OpenAPI 3.1, section 4.8.21).
    var object: JSONValue {
        let text: JSONValue = ["type": "string"]
        let number: JSONValue = ["type": "integer", "format": "int64", "minimum": 0]
        switch self {
        case .requestID: return header("The request's id, to report with a question", text)
        case .tag: return header("The version of what is shown, for If-Match and If-None-Match", text)
        case .replayed:
            return header(
                "There when this is the first answer to that Idempotency-Key", ["type": "string", "enum": ["true"]])
        case .location: return header("Where to go on", text)
        case .fileName: return header("The file's name", text)
        case .part: return header("Which bytes of how many", text)
        case .retryAfter: return header("Seconds to wait before the next try", number)
        case .authenticate: return header("That a bearer token is asked for", text)
        case .rateLimit: return header("Requests that the account's plan takes, of the limit that is nearest", number)
        case .rateLimitRemaining: return header("Requests that are left of it", number)
        case .rateLimitReset: return header("When it begins again, in Unix seconds", number)
        case .rateLimitRetryAfter:
            return header("Seconds until then; with a 429 until the next request can succeed", number)
        }
    }

    private func header(_ description: String, _ schema: JSONValue) -> JSONValue {
        ["description": .string(description), "schema": schema]
    }

    static func references(_ headers: [Self]) -> JSONValue {
        .object(headers.map { JSONMember($0.rawValue, ["$ref": .string("#/components/headers/\($0.rawValue)")]) })
    }

    static func references(ofSuccess status: Int, of operation: Operation) -> JSONValue {
        var headers: [Self] = [.requestID]
        if status == 302 { headers.append(.location) }
        if operation.tellsVersion { headers.append(.tag) }
        if status < 300, operation.output == FileOutput.self || operation.output == StreamedOutput.self {
            headers.append(.fileName)
        }
        if status == 206 { headers.append(.part) }
        if operation.takesIdempotencyKey { headers.append(.replayed) }
        if operation.isMetered { headers += ResponseHeader.ofPlans }
        return references(headers)
    }
}

extension Operation {
    /// Whether requests by key count against a plan.
    fileprivate var isMetered: Bool {
        if case .account(let rule) = access { rule.credentials.contains(where: \.isMetered) } else { false }
    }
}

/// The refusals of all operations: one shared response for each status and shape.
struct SharedRefusals {
    private(set) var members: [JSONMember] = []

    /// Refers to the response of each status that the operation can be refused with.
    mutating func add(_ operation: Operation, besides taken: [JSONMember]) -> [JSONMember] {
        var seen = Set(taken.map(\.name))
        let statuses = operation.refusals.map(operation.status).filter { seen.insert(String($0)).inserted }
        return statuses.map { status in
            let name = Self.prefix(of: operation.surface) + Self.name(of: status)
            if !members.contains(where: { $0.name == name }) {
                members.append(JSONMember(name, Self.response(status, on: operation.surface)))
            }
            return JSONMember(String(status), ["$ref": .string("#/components/responses/\(name)")])
        }
    }

    private static func response(_ status: Int, on surface: Surface) -> JSONValue {
        var headers: [ResponseHeader] = [.requestID]
        if status == 401 { headers.append(.authenticate) }
        if [429, 502, 503, 504].contains(status) { headers.append(.retryAfter) }
        // What the gateway refuses by itself has none of them.
        if status == 429 { headers += ResponseHeader.ofPlans }
        let codes = ErrorCode.allCases.filter {
            $0.status == status || (surface == .skillSync && status == 422 && $0 == .validationFailed)
        }
        let words = codes.map { code in
            "\(surface == .skillSync ? code.skillSyncName : code.rawValue): \(meaning(of: code, on: surface))"
        }
        return [
            "description": .string(words.joined(separator: " ")), "headers": ResponseHeader.references(headers),
            "content": ["application/json": ["schema": ["$ref": .string(ErrorSchema.reference(on: surface))]]],
        ]
    }

    /// Each shape of refusals has its own responses.
    private static func prefix(of surface: Surface) -> String {
        switch surface {
        case .skillSync: "SkillSync"
        case .oauth: "OAuth"
        case .clawConnected, .skillhouse, .internal, .operations: ""
        }
    }

    static func name(of status: Int) -> String {
        switch status {
        case 400: "BadRequest"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "NotFound"
        case 405: "MethodNotAllowed"
        case 408: "RequestTimeout"
        case 409: "Conflict"
        case 412: "PreconditionFailed"
        case 413: "PayloadTooLarge"
        case 414: "URITooLong"
        case 415: "UnsupportedMediaType"
        case 422: "Unprocessable"
        case 429: "TooManyRequests"
        case 500: "InternalError"
        case 502: "BadGateway"
        case 503: "Unavailable"
        case 504: "GatewayTimeout"
        default: "Status\(status)"
        }
    }

    private static func meaning(of code: ErrorCode, on surface: Surface) -> String {
        switch code {
        case .badRequest: "the request cannot be read."
        case .validationFailed where surface == .skillSync:
            "error.details names a member that is wrong, and what it must be."
        case .validationFailed where surface == .oauth: "issues names each member that is wrong, and what it must be."
        case .validationFailed: "error.issues names each member that is wrong, and what it must be."
        case .unauthorized: "the credential is missing, unknown, expired or revoked."
        case .forbidden: "this credential, or this account, may not do that."
        case .notFound: "it is not there, or not for the caller to see."
        case .methodNotAllowed: "Allow names the methods that the path has."
        case .requestTimeout: "the body came too slowly."
        case .conflict where surface == .oauth: "it is not possible in the present state."
        case .conflict: "it is not possible in the present state; error.allowed names what is."
        case .preconditionFailed: "somebody has changed it; read it again."
        case .payloadTooLarge: "the body is too large."
        case .uriTooLong: "the URL has more than 8 KiB."
        case .unsupportedMediaType: "the body has another type than the one that is taken."
        case .idempotencyMismatch: "the Idempotency-Key came with another request before."
        case .rateLimitExceeded: "wait for the seconds in Retry-After."
        case .internalError: "a fault of ours; report request_id."
        case .badGateway: "a provider answered wrongly; try again later."
        case .agentPaused: "the hosted agent has used up its month."
        case .serviceUnavailable: "a part does not answer now; try again."
        case .gatewayTimeout: "a provider did not answer in time; try again."
        }
    }
}

extension Operation {
    /// On SkillSync a body with wrong members is a 422.
    fileprivate func status(of code: ErrorCode) -> Int {
        code == .validationFailed && surface == .skillSync && inputSchema != nil ? 422 : code.status
    }
}
