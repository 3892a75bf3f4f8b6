/// One endpoint, declared once. The route, the typed call, the checks, the OpenAPI document, the gateway's map and the
/// guard test are derived from it.
public struct Endpoint<Input: Sendable, Output: Sendable>: Sendable {
    public let operation: Operation

    /// - Parameters:
    ///   - id: The operation's name in OpenAPI and in metrics, unique: `gigs.create`.
    ///   - path: The template, with parameters in braces: `/api/gigs/{id}`.
    ///   - group: Where it is declared: `Self.self`.
    ///   - access: Who may call.
    ///   - query: The query parameters it takes.
    ///   - success: The status of a success; a handler may choose another of `alsoAnswers`.
    ///   - errors: The refusals worth naming; 401, 403, 429 and validation follow from the rest.
    ///   - takesAnyQuery: Whether undeclared parameters are ignored instead of refused. For endpoints that others call
    ///     in their own form.
    ///   - answersBadQuery: Whether its handler answers, in its own way, what is wrong with a declared parameter.
    ///   - answersSecret: Whether an answer can hold a secret, such as the text of a key, a token, or a link that lets
    ///     in everybody who follows it. An answer stored under an `Idempotency-Key` is then shown only to the
    ///     credential that asked.
    ///   - file: What a ``FileInput`` or ``UploadInput`` takes; also sets how large the body may be.
    ///   - mediaTypes: What an answer that is text or a file can be, without parameters such as `charset`.
    ///   - alsoStreams: Whether a caller that asks for `text/event-stream` gets a stream of server-sent events instead.
    ///   - largestBody: The largest body of an endpoint that takes no file, in bytes.
    ///   - form: For the document, the fields of a ``RawInput`` that is a form.
    ///   - anyOrigin: Whether pages of every site may ask it, without the browser's cookies. For endpoints whose
    ///     callers show who they are in the request itself, such as OAuth's clients that run in browsers.
    ///   - summary: One line.
    public init(
        _ id: String, _ method: Method, _ path: String, of group: any EndpointGroup.Type, access: Access,
        query: [any AnyParameter] = [], takesAnyQuery: Bool = false, answersBadQuery: Bool = false, success: Int = 200,
        alsoAnswers: [Int] = [], errors: [ErrorCode] = [], idempotency: IdempotencyStyle = .local,
        answersSecret: Bool = false,
        file: FileField? = nil, mediaTypes: [String] = [], alsoStreams: Bool = false,
        largestBody: Int = Operation.ordinaryBody,
        form: [any AnyParameter] = [], anyOrigin: Bool = false, _ summary: String
    ) {
        let takesFile = Input.self == FileInput.self || Input.self == UploadInput.self
        precondition(takesFile == (file != nil), "\(id) does not say which file it takes")
        let isText = Output.self == TextOutput.self
        let isOfSomeType = isText || Output.self == FileOutput.self || Output.self == StreamedOutput.self
        precondition(isOfSomeType == !mediaTypes.isEmpty, "\(id) does not say what its answer is")
        operation = Operation(
            id: id, method: method, path: path, group: group, access: access, query: query,
            takesAnyQuery: takesAnyQuery, answersBadQuery: answersBadQuery, success: success, alsoAnswers: alsoAnswers,
            errors: errors,
            idempotency: idempotency, answersSecret: answersSecret, file: file, mediaTypes: mediaTypes,
            alsoStreams: alsoStreams, largestBody: largestBody, form: form, anyOrigin: anyOrigin, summary: summary,
            input: Input.self, output: Output.self
        )
    }
}

/// All about an endpoint except its types. It is a class because every call carries it.
public final class Operation: Sendable {
    /// The largest body of an endpoint that takes no file and does not say more, in bytes.
    public static let ordinaryBody = 1 << 20

    public let id: String
    public let method: Method
    public let path: String
    public let surface: Surface
    public let service: ServiceName
    public let access: Access
    public let query: [any AnyParameter]
    public let takesAnyQuery: Bool
    public let answersBadQuery: Bool
    public let success: Int
    public let alsoAnswers: [Int]
    public let errors: [ErrorCode]
    public let idempotency: IdempotencyStyle
    public let answersSecret: Bool
    public let file: FileField?
    public let mediaTypes: [String]
    public let alsoStreams: Bool
    /// The largest body it takes, in bytes.
    public let maximumBody: Int
    /// The fields of the form that a ``RawInput`` is, where it is one.
    public let form: [any AnyParameter]
    public let anyOrigin: Bool
    public let summary: String
    public let input: any Sendable.Type
    public let output: any Sendable.Type

    init(
        id: String, method: Method, path: String, group: any EndpointGroup.Type, access: Access,
        query: [any AnyParameter], takesAnyQuery: Bool, answersBadQuery: Bool, success: Int, alsoAnswers: [Int],
        errors: [ErrorCode], idempotency: IdempotencyStyle, answersSecret: Bool, file: FileField?, mediaTypes: [String],
        alsoStreams: Bool, largestBody: Int, form: [any AnyParameter], anyOrigin: Bool, summary: String,
        input: any Sendable.Type,
        output: any Sendable.Type
    ) {
        self.id = id
        self.method = method
        self.path = path
        surface = group.surface
        service = group.service
        self.access = access
        self.query = query
        self.takesAnyQuery = takesAnyQuery
        self.answersBadQuery = answersBadQuery
        self.success = success
        self.alsoAnswers = alsoAnswers
        self.errors = errors
        self.idempotency = idempotency
        self.answersSecret = answersSecret
        self.file = file
        self.mediaTypes = mediaTypes
        self.alsoStreams = alsoStreams
        maximumBody = file.map { $0.maximum + FileField.formOverhead } ?? largestBody
        self.form = form
        self.anyOrigin = anyOrigin
        self.summary = summary
        self.input = input
        self.output = output
    }

    /// Whether the file that it takes is kept out of memory.
    public var takesUpload: Bool { input == UploadInput.self }

    /// Whether browsers come here by a link and are sent on. People then see a refusal as a page.
    public var isForBrowsers: Bool { success == 302 || alsoAnswers.contains(302) }

    /// The names in braces, in order.
    public var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// Whether `name` is one of its query parameters.
    public func declares(_ name: String) -> Bool { query.contains { $0.isNamed(name) } }

    /// The body's schema; `nil` when the endpoint takes none.
    public var inputSchema: Schema? { schema(of: input) }
    /// The answer's schema; `nil` when it has no body or one that is not JSON.
    public var outputSchema: Schema? { schema(of: output)?.answered }

    private func schema(of type: any Sendable.Type) -> Schema? {
        guard let model = type as? any Model.Type else { return nil }
        do {
            return try Schema.reflecting(model, in: surface.keyStyle)
        } catch {
            preconditionFailure("\(type) has no single JSON shape: \(error)")
        }
    }
}

public enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// The endpoint takes no body. If a caller sends one, it must be an empty JSON object.
public struct NoInput: Sendable { public init() {} }
/// The body as it came, of any media type: for signatures over raw bytes.
public struct RawInput: Sendable {
    public let bytes: [UInt8]
    public init(bytes: [UInt8]) { self.bytes = bytes }
}
/// The answer has no body: 204, or a redirect.
public struct NoOutput: Sendable { public init() {} }
/// The answer is text of the named media type, one of the endpoint's, written by the handler.
public struct TextOutput: Sendable {
    public let mediaType: String
    public let text: String
    public init(_ mediaType: String, _ text: String) {
        self.mediaType = mediaType
        self.text = text
    }
}
/// The answer is a stream of server-sent events (WHATWG HTML, section 9.2).
public struct EventStreamOutput: Sendable { public init() {} }

/// How a repeat with the same `Idempotency-Key` is kept from having a second effect.
public enum IdempotencyStyle: Sendable {
    /// The effect is in the service's own database: key, effect and answer commit in one transaction.
    case local
    /// The effect spans services or providers. It can be resumed, because its action row is its key. The answer is
    /// stored once it is known.
    case resumable
}

/// The machine-readable reason of a refusal. Never changed once released.
public enum ErrorCode: String, Sendable, CaseIterable {
    case badRequest = "BAD_REQUEST"
    case validationFailed = "VALIDATION_FAILED"
    case unauthorized = "UNAUTHORIZED"
    case forbidden = "FORBIDDEN"
    case notFound = "NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case requestTimeout = "REQUEST_TIMEOUT"
    case conflict = "CONFLICT"
    case preconditionFailed = "PRECONDITION_FAILED"
    case payloadTooLarge = "PAYLOAD_TOO_LARGE"
    case uriTooLong = "URI_TOO_LONG"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    case idempotencyMismatch = "IDEMPOTENCY_MISMATCH"
    case rateLimitExceeded = "RATE_LIMIT_EXCEEDED"
    case internalError = "INTERNAL_ERROR"
    case badGateway = "BAD_GATEWAY"
    case agentPaused = "AGENT_PAUSED"
    case serviceUnavailable = "SERVICE_UNAVAILABLE"
    case gatewayTimeout = "GATEWAY_TIMEOUT"

    public var status: Int {
        switch self {
        case .badRequest, .validationFailed: 400
        case .unauthorized: 401
        case .forbidden: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .conflict: 409
        case .preconditionFailed: 412
        case .payloadTooLarge: 413
        case .uriTooLong: 414
        case .unsupportedMediaType: 415
        case .idempotencyMismatch: 422
        case .rateLimitExceeded: 429
        case .internalError: 500
        case .badGateway: 502
        case .agentPaused, .serviceUnavailable: 503
        case .gatewayTimeout: 504
        }
    }
    /// What SkillSync calls it.
    public var skillSyncName: String {
        switch self {
        case .validationFailed: "VALIDATION_ERROR"
        case .unauthorized: "INVALID_API_KEY"
        case .forbidden: "INSUFFICIENT_PERMISSIONS"
        case .notFound: "RESOURCE_NOT_FOUND"
        case .badRequest, .methodNotAllowed, .requestTimeout, .conflict, .preconditionFailed, .payloadTooLarge,
            .uriTooLong, .unsupportedMediaType, .idempotencyMismatch, .rateLimitExceeded, .internalError, .badGateway,
            .agentPaused, .serviceUnavailable, .gatewayTimeout:
            rawValue
        }
    }
}
