/// One outgoing webhook (OpenAPI 3.1, `webhooks`): what we send to a user's program, and how it verifies that the
/// request is ours.
enum WebhookObject {
    static func make(_ event: any UserEvent.Type, _ components: inout SchemaComponents) -> JSONValue {
        let data = event.schema
        // Schemas in place are not understood here by all that make libraries of the document.
        let text = components.component("WebhookHeader") { _ in
            ["type": "string", "description": "A header of a webhook's request"]
        }
        return [
            "post": [
                "operationId": .string("webhook.\(event.label)"),
                "summary": .string(event.summary),
                "description": .string(
                    "Posted to every webhook that is registered for `\(event.label)`. Answer 2xx within 10 s. A repeat has "
                        + "the same `id`."),
                "tags": [.string(tag)],
                "parameters": .array(headers.map { header($0.name, $0.description, text) }),
                "requestBody": [
                    "required": true,
                    "content": [
                        "application/json": [
                            "schema": schema(event, &components),
                            "example": example(event, data: Example.make(of: data)),
                        ]
                    ],
                ],
                "responses": [
                    "2XX": ["description": "Received"], "410": ["description": "Disables the webhook"],
                    "default": ["description": "Tried again, as the webhook's retry_policy says"],
                ],
            ]
        ]
    }

    static let tag = ResourceTag.receivedEvents.rawValue

    /// The component of a whole event: `GigCreatedEvent`.
    private static func schema(_ event: any UserEvent.Type, _ components: inout SchemaComponents) -> JSONValue {
        let name =
            event.label.split { $0 == "." || $0 == "_" }
            .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Event"
        return components.component(name) { components in
            [
                "type": "object",
                "description": .string(event.summary),
                "required": ["id", "event", "data", "timestamp", "sequence"],
                "properties": [
                    "id": ["type": "string", "format": "uuid", "description": "The same in every repeat"],
                    "event": [
                        "type": "string", "enum": [.string(event.label)], "description": "What happened",
                    ],
                    "data": components.reference(event.schema.named("\(name)Data")).describing("What it is about"),
                    "timestamp": ["type": "string", "format": "date-time", "description": "When it happened"],
                    "sequence": [
                        "type": "integer", "format": "int64", "minimum": 0,
                        "description": "Grows with every change of the thing that the event is about",
                    ],
                ],
            ]
        }
    }

    private static func example(_ event: any UserEvent.Type, data: JSONValue) -> JSONValue {
        [
            "id": "019cabcd-0010-7000-8000-000000000010", "event": .string(event.label), "data": data,
            "timestamp": "2026-03-02T09:00:00Z", "sequence": 3,
        ]
    }

    private static let headers = [
        (name: "webhook-id", description: "The event's id"),
        (name: "webhook-timestamp", description: "When this attempt was made, in Unix seconds"),
        (
            name: "webhook-signature",
            description: "v1, and the base64 of HMAC-SHA256 over webhook-id, webhook-timestamp and the body with dots "
                + "between; the key is what the secret encodes after whsec_ (Standard Webhooks)"
        ),
        (
            name: "X-ClawConnected-Signature",
            description: "sha256= and the hexadecimal HMAC-SHA256 over the body; the key is the whole secret"
        ),
    ]

    private static func header(_ name: String, _ description: String, _ schema: JSONValue) -> JSONValue {
        [
            "name": .string(name), "in": "header", "required": true, "description": .string(description),
            "schema": schema,
        ]
    }
}

extension Schema {
    /// An object without a name, with that name.
    fileprivate func named(_ name: String) -> Schema {
        guard case .object(var object) = self, object.name == nil else { return self }
        object.name = name
        return .object(object)
    }
}
