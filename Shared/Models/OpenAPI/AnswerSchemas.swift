/// What the SkillSync surface puts around the answer of a success.
enum EnvelopeSchema {
    /// - Parameter content: A media type object with schema and example.
    static func around(_ content: JSONValue) -> JSONValue {
        [
            "schema": [
                "type": "object", "required": ["success", "data", "meta"],
                "properties": [
                    "success": ["type": "boolean", "const": true], "data": content["schema"] ?? .null,
                    "meta": [
                        "type": "object", "required": ["timestamp", "version", "request_id"],
                        "properties": [
                            "timestamp": ["type": "string", "format": "date-time"],
                            "version": ["type": "string", "const": "v1.0"], "request_id": ["type": "string"],
                        ],
                    ],
                ],
            ],
            "example": [
                "success": true, "data": content["example"] ?? .null,
                "meta": [
                    "timestamp": "2026-03-02T09:00:00Z", "version": "v1.0",
                    "request_id": "req_019cabcd00ff700080000000000000ff",
                ],
            ],
        ]
    }
}

enum ErrorSchema {
    static let components = [
        JSONMember("Error", common), JSONMember("SkillSyncError", skillSync), JSONMember("OAuthError", oauth),
    ]

    static func reference(on surface: Surface) -> String {
        "#/components/schemas/\(name(on: surface))"
    }

    static func name(on surface: Surface) -> String {
        switch surface {
        case .skillSync: "SkillSyncError"
        case .oauth: "OAuthError"
        case .clawConnected, .skillhouse, .internal, .operations: "Error"
        }
    }

    /// The shape of errors below `/v1/oauth` (RFC 6749, section 5.2), with what the other surfaces say besides.
    private static let oauth: JSONValue = [
        "type": "object",
        "required": ["error", "error_description", "error_code", "issues", "request_id"],
        "properties": [
            "error": ["type": "string"], "error_description": ["type": "string"],
            "error_code": ["type": "string", "enum": .array(ErrorCode.allCases.map { .string($0.rawValue) })],
            "issues": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["path", "message"],
                    "properties": ["path": ["type": "string"], "message": ["type": "string"]],
                ],
            ],
            "request_id": ["type": "string"],
        ],
    ]

    /// The shape of errors on `/v1`.
    private static let skillSync: JSONValue = [
        "type": "object",
        "required": ["success", "error", "meta"],
        "properties": [
            "success": ["type": "boolean", "const": false],
            "error": [
                "type": "object",
                "required": ["code", "message", "details", "suggestion"],
                "properties": [
                    "code": ["type": "string"],
                    "message": ["type": "string"],
                    "details": [
                        "type": "object",
                        "required": ["field", "issue", "provided", "expected"],
                        "properties": [
                            "field": ["type": ["string", "null"]], "issue": ["type": ["string", "null"]],
                            "provided": ["type": ["string", "number", "boolean", "null"]],
                            "expected": ["type": ["string", "null"]],
                        ],
                    ],
                    "suggestion": ["type": "string"],
                ],
            ],
            "meta": [
                "type": "object",
                "required": ["timestamp", "request_id", "documentation"],
                "properties": [
                    "timestamp": ["type": "string", "format": "date-time"], "request_id": ["type": "string"],
                    "documentation": ["type": "string", "format": "uri"],
                ],
            ],
        ],
    ]

    /// The shape of errors on `/api`.
    private static let common: JSONValue = [
        "type": "object",
        "required": ["message", "status", "error", "request_id"],
        "properties": [
            "message": ["type": "string"],
            "status": ["type": "integer"],
            "error": [
                "type": "object",
                "required": ["code", "message", "issues"],
                "properties": [
                    "code": ["type": "string", "enum": .array(ErrorCode.allCases.map { .string($0.rawValue) })],
                    "message": ["type": "string"],
                    "issues": [
                        "type": "array",
                        "items": [
                            "type": "object", "required": ["path", "message"],
                            "properties": ["path": ["type": "string"], "message": ["type": "string"]],
                        ],
                    ],
                    "allowed": ["type": "array", "items": ["type": "string"]],
                ],
            ],
            "request_id": ["type": "string"],
        ],
        "examples": [
            [
                "message": "It is approved: round is not possible now.", "status": 409,
                "error": [
                    "code": "CONFLICT", "message": "It is approved: round is not possible now.", "issues": [],
                    "allowed": ["approve", "revise"],
                ],
                "request_id": "019cabcd-00ff-7000-8000-0000000000ff",
            ]
        ],
    ]
}
