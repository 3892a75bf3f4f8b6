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
        if operation.main != nil { members.append(JSONMember("deprecated", true)) }
        let parameters =
            operation.pathParameters.map { pathParameter($0, of: operation) }
            + operation.query.map { parameter in
                queryParameter(parameter, of: operation, &components)
            } + RequestHeader.parameters(of: operation)
        if !parameters.isEmpty { members.append(JSONMember("parameters", .array(parameters))) }
        if let body = requestBody(of: operation, &components) { members.append(JSONMember("requestBody", body)) }
        let responses = successes(of: operation, &components)
        let all = responses + refusals.add(operation, besides: responses)
        members.append(JSONMember("responses", .object(all.sorted { $0.name < $1.name })))
        members.append(JSONMember("security", SecuritySchemes.requirements(of: operation)))
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

    /// A form of texts. Which others are needed depends on those that always are.
    private static func form(of fields: [any AnyParameter], _ components: inout SchemaComponents) -> JSONValue {
        let properties = fields.map { field in
            JSONMember(
                field.name,
                .object(
                    (components.reference(field.schema).object ?? []) + [
                        JSONMember("description", .string(field.summary))
                    ]))
        }
        var schema = [JSONMember("type", "object"), JSONMember("properties", .object(properties))]
        let needed = fields.filter(\.isNeeded).map { JSONValue.string($0.name) }
        if !needed.isEmpty { schema.append(JSONMember("required", .array(needed))) }
        return [
            "required": true,
            "content": ["application/x-www-form-urlencoded": ["schema": .object(schema)]],
        ]
    }

    private static let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

    /// An id in the form that answers of the surface show, and a UUID. Libraries with a type for UUIDs could not send the
    /// other surfaces' ids back if it were `format: uuid` there. Every other written form is read, too.
    private static func id(on surface: Surface) -> JSONValue {
        switch surface {
        case .skillhouse: ["type": "string", "pattern": .string("^([0-9a-f]{24}|\(uuid))$")]
        case .skillSync, .oauth: ["type": "string", "pattern": .string("^([a-z]+_[0-9a-f]{32}|\(uuid))$")]
        case .clawConnected, .internal, .operations: ["type": "string", "format": "uuid"]
        }
    }

    /// On Skillhouse a text that is not an id is a 400. Elsewhere it names nothing: a 404.
    private static func pathParameter(_ name: String, of operation: Operation) -> JSONValue {
        let description =
            switch operation.surface {
            case .skillhouse: "The id that an answer showed, of 24 digits, or a UUID"
            case .skillSync, .oauth: "The id that an answer showed, with its prefix, or a UUID"
            case .clawConnected, .internal, .operations:
                "The id that an answer showed, a UUID; its forms on the other surfaces are read as well"
            }
        return [
            "name": .string(name), "in": "path", "required": true, "schema": id(on: operation.surface),
            "description": .string(description),
        ]
    }

    private static func queryParameter(
        _ parameter: any AnyParameter, of operation: Operation, _ components: inout SchemaComponents
    ) -> JSONValue {
        var schema = components.reference(parameter.schema)
        if schema["format"] == "uuid" { schema = id(on: operation.surface) }
        if let initial = parameter.initial { schema = schema.replacing("default", with: initial) }
        var members: [JSONMember] = [
            JSONMember("name", .string(parameter.name)), JSONMember("in", "query"),
            JSONMember("description", .string(parameter.summary)), JSONMember("schema", schema),
        ]
        if parameter.isNeeded { members.append(JSONMember("required", true)) }
        return .object(members)
    }

    private static func successes(of operation: Operation, _ components: inout SchemaComponents) -> [JSONMember] {
        let statuses = [operation.success] + operation.alsoAnswers + (operation.showsVersion ? [304] : [])
        return statuses.map { status in
            var response: [JSONMember] = [
                JSONMember("description", .string(description(of: status))),
                JSONMember("headers", ResponseHeader.references(ofSuccess: status, of: operation)),
            ]
            // Those that send on, and say that nothing has changed, have no body.
            if status < 300, let content = content(of: operation, &components) {
                response.append(JSONMember("content", content))
            }
            return JSONMember(String(status), .object(response))
        }
    }

    /// What an answer can be; `nil` when it has no body.
    private static func content(of operation: Operation, _ components: inout SchemaComponents) -> JSONValue? {
        let events = JSONMember("text/event-stream", ["schema": ["type": "string"]])
        if let schema = operation.outputSchema {
            let json = JSONMember("application/json", body(schema, of: operation, &components))
            return .object(operation.alsoStreams ? [json, events] : [json])
        }
        if operation.output == EventStreamOutput.self { return .object([events]) }
        guard !operation.mediaTypes.isEmpty else { return nil }
        return .object(
            operation.mediaTypes.map { type in
                let schema: JSONValue =
                    switch type {
                    case _ where operation.output != TextOutput.self: ["type": "string", "format": "binary"]
                    case "application/json": ["type": "object"]
                    default: ["type": "string"]
                    }
                return JSONMember(type, ["schema": schema])
            })
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
        case 304: "It is as it was in the version that If-None-Match names; there is no body"
        default: "Done"
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

    /// The operation that does the same at another path, when this one is there for programs that know its path.
    var main: Operation? {
        guard id.hasSuffix(".alias") else { return nil }
        return Catalogue.published.first { $0.id == id.dropLast(".alias".count) }
    }

    /// Whether a reader who has a version can ask for what is newer.
    var showsVersion: Bool { method == .get && tellsVersion }
}
