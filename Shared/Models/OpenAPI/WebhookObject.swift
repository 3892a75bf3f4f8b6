/// One outgoing webhook (OpenAPI 3.1, `webhooks`): what a user's program is sent, and how it knows that it is
/// ours.
enum WebhookObject {
    static func make(_ event: EventName, _ components: inout SchemaComponents) -> JSONValue {
        let data = event.dataSchema
        return [
            "post": [
                "operationId": .string("webhook.\(event.rawValue)"),
                "summary": .string(event.summary),
                "parameters": .array(headers),
                "requestBody": [
                    "required": true,
                    "content": [
                        "application/json": [
                            "schema": schema(event, data: components.reference(data)),
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

    private static func schema(_ event: EventName, data: JSONValue) -> JSONValue {
        [
            "type": "object",
            "required": ["id", "event", "data", "timestamp", "sequence"],
            "properties": [
                "id": ["type": "string", "format": "uuid", "description": "The same in every repeat"],
                "event": ["const": .string(event.rawValue)],
                "data": data,
                "timestamp": ["type": "string", "format": "date-time"],
                "sequence": [
                    "type": "integer", "description": "Grows with every change of the thing it tells of",
                ],
            ],
        ]
    }

    private static func example(_ event: EventName, data: JSONValue) -> JSONValue {
        [
            "id": "019cabcd-0010-7000-8000-000000000010", "event": .string(event.rawValue), "data": data,
            "timestamp": "2026-03-02T09:00:00Z", "sequence": 3,
        ]
    }

    private static let headers: [JSONValue] = [
        header("webhook-id", "The event's id"),
        header("webhook-timestamp", "When this attempt was made, in Unix seconds"),
        header(
            "webhook-signature",
            "v1, and the base64 of HMAC-SHA256 over webhook-id, webhook-timestamp and the body with dots "
                + "between; the key is what the secret encodes after whsec_ (Standard Webhooks)"),
        header(
            "X-ClawConnected-Signature",
            "sha256= and the hexadecimal HMAC-SHA256 over the body; the key is the whole secret"),
    ]

    private static func header(_ name: JSONValue, _ description: String) -> JSONValue {
        [
            "name": name, "in": "header", "required": true, "description": .string(description),
            "schema": ["type": "string"],
        ]
    }
}

extension EventName {
    /// What `data` is in the event, as its receivers get it.
    public var dataSchema: Schema {
        switch self {
        case .gigCreated, .gigUpdated, .gigDeleted: Self.schema(of: GigView.self)
        case .applicationCreated, .applicationUpdated:
            Self.schema(of: ApplicationView.self).telling("gigTitle", .string)
        case .negotiationCreated, .negotiationUpdated: Self.schema(of: NegotiationView.self)
        case .contractCreated, .contractUpdated: Self.schema(of: ContractView.self)
        case .milestoneFunded, .milestoneReleased: Self.schema(of: MilestoneNews.self)
        case .disputeCreated: Self.schema(of: DisputeView.self)
        case .keyExpiring: Self.schema(of: KeyExpiryNews.self)
        }
    }

    var summary: String {
        switch self {
        case .gigCreated: "A gig was posted"
        case .gigUpdated: "A gig was changed, published or closed"
        case .gigDeleted: "A gig was deleted"
        case .applicationCreated: "Somebody applied to a gig"
        case .applicationUpdated: "An applicant was shortlisted or rejected"
        case .negotiationCreated: "A negotiation was opened"
        case .negotiationUpdated: "A negotiation has a new round or another state"
        case .contractCreated: "Both parties agreed; there is a contract"
        case .contractUpdated: "A contract or one of its milestones has changed"
        case .milestoneFunded: "A milestone's money is held"
        case .milestoneReleased: "A milestone's money was given to the worker"
        case .disputeCreated: "A dispute was opened"
        case .keyExpiring: "An API key ends within a week"
        }
    }

    private static func schema(of type: any Model.Type) -> Schema {
        do {
            return try Schema.reflecting(type)
        } catch {
            preconditionFailure("\(type) has no single JSON shape: \(error)")
        }
    }
}

extension Schema {
    /// An object of the same kind with one more member, as events have it.
    fileprivate func telling(_ member: String, _ schema: Schema) -> Schema {
        guard case .object(var object) = self else { return self }
        object.name = nil
        object.properties.append(.init(object.style.name(of: member), member: member, schema, isRequired: true))
        return .object(object)
    }
}
