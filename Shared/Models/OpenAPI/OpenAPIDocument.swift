/// The OpenAPI 3.1 document of the published endpoints, generated from their declarations.
public enum OpenAPIDocument {
    /// - Parameter server: The gateway's URL.
    public static func make(server: String) -> JSONValue {
        var components = SchemaComponents()
        var paths: [JSONMember] = []
        for path in orderedPaths() {
            let operations = Catalogue.published.filter { $0.path == path }
            paths.append(
                JSONMember(
                    path,
                    .object(
                        operations.map { operation in
                            JSONMember(
                                operation.method.rawValue.lowercased(), OperationObject.make(operation, &components))
                        })))
        }
        let webhooks = EventName.allCases.map { JSONMember($0.rawValue, WebhookObject.make($0.event, &components)) }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Guildhall",
                "version": "1",
                "summary": "A freelance marketplace for people and software agents",
            ],
            "servers": [["url": .string(server)]],
            "paths": .object(paths),
            "webhooks": .object(webhooks),
            "components": [
                "schemas": .object(components.members + ErrorSchema.components),
                "securitySchemes": [
                    "bearer": [
                        "type": "http", "scheme": "bearer",
                        "description": "An API key, an access token or an OAuth token",
                    ],
                    "apiKey": ["type": "apiKey", "in": "header", "name": "x-api-key"],
                    "session": [
                        "type": "apiKey", "in": "cookie", "name": "guildhall_session",
                        "description": "Over https a browser has it as __Host-guildhall_session",
                    ],
                ],
            ],
        ]
    }

    private static func orderedPaths() -> [String] {
        var seen: Set<String> = []
        return Catalogue.published.map(\.path).filter { seen.insert($0).inserted }
    }
}

/// One operation object (OpenAPI 3.1, section 4.8.10).
enum OperationObject {
    static func make(_ operation: Operation, _ components: inout SchemaComponents) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember("operationId", .string(operation.id)),
            JSONMember("summary", .string(operation.summary)),
            JSONMember("tags", [.string(operation.surface.rawValue)]),
        ]
        let parameters =
            operation.pathParameters.map { pathParameter($0, of: operation) }
            + operation.query.map { parameter in
                queryParameter(parameter, &components)
            } + headers(of: operation)
        if !parameters.isEmpty { members.append(JSONMember("parameters", .array(parameters))) }
        if let body = requestBody(of: operation, &components) { members.append(JSONMember("requestBody", body)) }
        members.append(JSONMember("responses", .object(responses(of: operation, &components))))
        members.append(JSONMember("security", security(of: operation.access)))
        return .object(members)
    }

    private static func requestBody(of operation: Operation, _ components: inout SchemaComponents) -> JSONValue? {
        if let file = operation.file { return form(with: file) }
        if !operation.form.isEmpty { return form(of: operation.form, &components) }
        guard let input = operation.inputSchema else { return nil }
        return [
            "required": .bool(input.hasRequiredMembers),
            "content": ["application/json": components.content(input)],
        ]
    }

    /// A form with one file (OpenAPI 3.1, "Special Considerations for multipart Content").
    private static func form(with file: FileField) -> JSONValue {
        let types = file.types.map(\.rawValue).joined(separator: ", ")
        let field: JSONValue = [
            "type": "string", "format": "binary", "description": .string("At most \(file.maximum) bytes"),
        ]
        return [
            "required": true,
            "content": [
                "multipart/form-data": [
                    "schema": [
                        "type": "object", "required": [.string(file.name)],
                        "properties": .object([JSONMember(file.name, field)]), "additionalProperties": false,
                    ],
                    "encoding": .object([JSONMember(file.name, ["contentType": .string(types)])]),
                ]
            ],
        ]
    }

    /// A form of texts. Which of them are needed depends on the others.
    private static func form(of fields: [any AnyParameter], _ components: inout SchemaComponents) -> JSONValue {
        let properties = fields.map { JSONMember($0.name, components.reference($0.schema)) }
        return [
            "required": true,
            "content": [
                "application/x-www-form-urlencoded": ["schema": ["type": "object", "properties": .object(properties)]]
            ],
        ]
    }

    /// On Skillhouse a text that is not an id is a 400. Elsewhere it names nothing: a 404.
    private static func pathParameter(_ name: String, of operation: Operation) -> JSONValue {
        var schema = [JSONMember("type", "string")]
        if operation.surface == .skillhouse {
            schema.append(
                JSONMember("pattern", "^([0-9a-f]{24}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$"))
        }
        return [
            "name": .string(name), "in": "path", "required": true, "schema": .object(schema),
            "description": "An id in any of its written forms",
        ]
    }

    private static func queryParameter(_ parameter: any AnyParameter, _ components: inout SchemaComponents) -> JSONValue
    {
        [
            "name": .string(parameter.name), "in": "query", "description": .string(parameter.summary),
            "schema": components.reference(parameter.schema),
        ]
    }

    private static func headers(of operation: Operation) -> [JSONValue] {
        guard case .account = operation.access, operation.method != .get else { return [] }
        var headers: [JSONValue] = [
            [
                "name": "Idempotency-Key", "in": "header",
                "description": "A repeat with the same key replays the first answer for 24 h",
                "schema": ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"],
            ]
        ]
        if operation.errors.contains(.preconditionFailed) {
            headers.append([
                "name": "If-Match", "in": "header", "description": "The ETag that the change is conditional on, or *",
                "schema": ["type": "string"],
            ])
        }
        return headers
    }

    private static func responses(of operation: Operation, _ components: inout SchemaComponents) -> [JSONMember] {
        var responses: [JSONMember] = ([operation.success] + operation.alsoAnswers).map { status in
            var response: [JSONMember] = [
                JSONMember("description", .string(status == 202 ? "Accepted; it finishes by itself" : "Done"))
            ]
            if let schema = operation.outputSchema {
                let content = components.content(schema)
                let body = operation.surface == .skillSync ? EnvelopeSchema.around(content) : content
                var contents = [JSONMember("application/json", body)]
                if operation.alsoStreams { contents.append(JSONMember("text/event-stream", Self.eventStream)) }
                response.append(JSONMember("content", .object(contents)))
            } else if operation.output == TextOutput.self {
                response.append(JSONMember("content", ["*/*": [:]]))
            } else if operation.output == EventStreamOutput.self {
                response.append(JSONMember("content", ["text/event-stream": Self.eventStream]))
            } else if operation.output == FileOutput.self || operation.output == StreamedOutput.self {
                let binary: JSONValue = ["schema": ["type": "string", "format": "binary"]]
                response.append(
                    JSONMember("content", .object(FileType.allCases.map { JSONMember($0.rawValue, binary) })))
            }
            return JSONMember(String(status), .object(response))
        }
        for code in operation.refusals {
            let status = String(operation.status(of: code))
            guard !responses.contains(where: { $0.name == status }) else { continue }
            responses.append(
                JSONMember(
                    status,
                    [
                        "description": .string(code.rawValue),
                        "content": [
                            "application/json": [
                                "schema": ["$ref": .string(ErrorSchema.reference(on: operation.surface))]
                            ]
                        ],
                    ]))
        }
        return responses
    }

    private static let eventStream: JSONValue = ["schema": ["type": "string"]]

    private static func security(of access: Access) -> JSONValue {
        switch access {
        case .anyone, .service: return []
        case .account(let rule):
            var schemes: [JSONValue] = []
            if rule.credentials.contains(where: { $0 != .session }) { schemes.append(["bearer": []]) }
            if rule.credentials.contains(.apiKey) { schemes.append(["apiKey": []]) }
            if rule.credentials.contains(.session) { schemes.append(["session": []]) }
            // With a signed link, none is needed.
            if rule.opensByLink { schemes.append([:]) }
            return .array(schemes)
        }
    }
}

extension Operation {
    /// Every refusal that a caller can meet: the named ones, and those that follow from the declaration.
    public var refusals: [ErrorCode] {
        var codes = errors
        if inputSchema != nil { codes += [.validationFailed, .payloadTooLarge, .unsupportedMediaType] }
        if input == RawInput.self { codes += [.payloadTooLarge] }
        if file != nil { codes += [.validationFailed, .payloadTooLarge, .unsupportedMediaType] }
        if input == NoInput.self, method != .get { codes += [.badRequest, .payloadTooLarge, .unsupportedMediaType] }
        // The gateway refuses a URL longer than 8 KiB.
        if !query.isEmpty { codes += [.validationFailed, .uriTooLong] }
        if !pathParameters.isEmpty { codes.append(.notFound) }
        if case .account(let rule) = access {
            codes.append(.unauthorized)
            if rule.userType != nil || rule.scope != nil || method != .get { codes.append(.forbidden) }
            if method != .get { codes += [.badRequest, .conflict, .idempotencyMismatch] }
        }
        // The gateway limits the request rate of every address.
        if surface != .internal { codes.append(.rateLimitExceeded) }
        return codes + [.internalError, .serviceUnavailable]
    }
}

extension Operation {
    /// On SkillSync a body with wrong members is a 422.
    fileprivate func status(of code: ErrorCode) -> Int {
        code == .validationFailed && surface == .skillSync && inputSchema != nil ? 422 : code.status
    }
}
