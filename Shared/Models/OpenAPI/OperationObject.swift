/// One operation object (OpenAPI 3.1, section 4.8.10).
enum OperationObject {
    static func make(
        _ operation: Operation, server: String, _ components: inout SchemaComponents, _ refusals: inout SharedRefusals
    ) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember("operationId", .string(operation.id)),
            JSONMember("summary", .string(operation.summary)),
            JSONMember("description", .string(OperationDescription.text(of: operation))),
            JSONMember("tags", .array(ResourceTag.of(operation).map { [.string($0.rawValue)] } ?? [])),
        ]
        let parameters =
            operation.pathParameters.map { pathParameter($0, of: operation) }
            + operation.query.map { parameter in
                queryParameter(parameter, &components)
            } + headers(of: operation)
        if !parameters.isEmpty { members.append(JSONMember("parameters", .array(parameters))) }
        if let body = requestBody(of: operation, &components) { members.append(JSONMember("requestBody", body)) }
        let responses = successes(of: operation, &components)
        members.append(JSONMember("responses", .object(responses + refusals.add(operation, besides: responses))))
        members.append(JSONMember("security", security(of: operation.access)))
        members.append(JSONMember("x-codeSamples", CodeSamples.make(operation, server: server)))
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
        let properties = fields.map { field in
            JSONMember(
                field.name,
                .object(
                    (components.reference(field.schema).object ?? []) + [
                        JSONMember("description", .string(field.summary))
                    ]))
        }
        return [
            "required": true,
            "content": [
                "application/x-www-form-urlencoded": ["schema": ["type": "object", "properties": .object(properties)]]
            ],
        ]
    }

    private static let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

    /// An id in the form that answers of the surface show, and a UUID. Libraries with a type for UUIDs could not send the
    /// other surfaces' ids back if it were `format: uuid` there. Every other written form is read, too.
    ///
    /// On Skillhouse a text that is not an id is a 400. Elsewhere it names nothing: a 404.
    private static func pathParameter(_ name: String, of operation: Operation) -> JSONValue {
        var schema = [JSONMember("type", "string")]
        let description: JSONValue
        switch operation.surface {
        case .skillhouse:
            schema.append(JSONMember("pattern", .string("^([0-9a-f]{24}|\(uuid))$")))
            description = "The id that an answer showed, of 24 digits, or a UUID"
        case .skillSync, .oauth:
            schema.append(JSONMember("pattern", .string("^([a-z]+_[0-9a-f]{32}|\(uuid))$")))
            description = "The id that an answer showed, with its prefix, or a UUID"
        case .clawConnected, .internal, .operations:
            schema.append(JSONMember("format", "uuid"))
            description = "The id that an answer showed, a UUID; its forms on the other surfaces are read as well"
        }
        return [
            "name": .string(name), "in": "path", "required": true, "schema": .object(schema),
            "description": description,
        ]
    }

    private static func queryParameter(_ parameter: any AnyParameter, _ components: inout SchemaComponents) -> JSONValue
    {
        var schema = components.reference(parameter.schema)
        if let initial = parameter.initial {
            schema = .object((schema.object ?? []) + [JSONMember("default", initial)])
        }
        return [
            "name": .string(parameter.name), "in": "query", "description": .string(parameter.summary),
            "schema": schema,
        ]
    }

    private static func headers(of operation: Operation) -> [JSONValue] {
        guard operation.takesIdempotencyKey else { return [] }
        var headers: [JSONValue] = [
            [
                "name": "Idempotency-Key", "in": "header",
                "description": "A repeat with the same key replays the first answer for 24 h",
                "schema": ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"],
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

    private static func successes(of operation: Operation, _ components: inout SchemaComponents) -> [JSONMember] {
        ([operation.success] + operation.alsoAnswers).map { status in
            var response: [JSONMember] = [
                JSONMember("description", .string(description(of: status))),
                JSONMember("headers", ResponseHeader.references(ofSuccess: status, of: operation)),
            ]
            if let schema = operation.outputSchema {
                var contents = [JSONMember("application/json", body(schema, of: operation, &components))]
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
    }

    private static func body(
        _ schema: Schema, of operation: Operation, _ components: inout SchemaComponents
    ) -> JSONValue {
        let content = components.content(schema)
        guard operation.surface == .skillSync, case .object(let object) = schema, let name = object.name
        else { return content }
        let envelope = components.component("\(name)Envelope") { _ in
            EnvelopeSchema.around(content["schema"] ?? .null)
        }
        return ["schema": envelope, "example": EnvelopeSchema.example(around: content["example"] ?? .null)]
    }

    private static func description(of status: Int) -> String {
        switch status {
        case 201: "Made"
        case 202: "Accepted; it finishes by itself"
        case 204: "Done; there is no body"
        case 206: "The part that was asked for"
        case 302: "Go on at Location"
        default: "Done"
        }
    }

    private static let eventStream: JSONValue = ["schema": ["type": "string"]]

    private static func security(of access: Access) -> JSONValue {
        switch access {
        case .anyone, .service, .operator: return []
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

    /// Whether a repeat with the same `Idempotency-Key` is told from another request.
    var takesIdempotencyKey: Bool {
        if case .account = access { method != .get } else { false }
    }
}
