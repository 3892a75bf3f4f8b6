/// What the SkillSync surface puts around the answer of a success.
enum EnvelopeSchema {
    static func around(_ data: JSONValue) -> JSONValue {
        [
            "type": "object", "required": ["success", "data", "meta"],
            "properties": [
                "success": ["type": "boolean", "description": "Always true"],
                "data": data.describing("What was asked for"),
                "meta": ["$ref": "#/components/schemas/AnswerMeta", "description": "When and as what it was answered"],
            ],
        ]
    }

    static func example(around data: JSONValue) -> JSONValue {
        [
            "success": true, "data": data,
            "meta": [
                "timestamp": "2026-03-02T09:00:00Z", "version": "v1.0",
                "request_id": "req_019cabcd00ff700080000000000000ff",
            ],
        ]
    }

    static let meta: JSONValue = [
        "type": "object", "required": ["timestamp", "version", "request_id"],
        "properties": [
            "timestamp": ["type": "string", "format": "date-time", "description": "When it was answered"],
            "version": ["type": "string", "description": "The surface's version: v1.0"],
            "request_id": ["type": "string", "description": "The request's id"],
        ],
    ]
}

enum ErrorSchema {
    static let components = [
        JSONMember("AnswerMeta", EnvelopeSchema.meta), JSONMember("Error", common), JSONMember("ErrorDetail", detail),
        JSONMember("InputIssue", issue), JSONMember("SkillSyncError", skillSync),
        JSONMember("SkillSyncErrorDetail", skillSyncDetail), JSONMember("SkillSyncErrorIssue", skillSyncIssue),
        JSONMember("SkillSyncErrorMeta", skillSyncMeta),
        JSONMember("OAuthError", oauth),
        JSONMember("ErrorCode", choice("ErrorCode", ErrorCode.allCases.map(\.rawValue))),
        JSONMember("SkillSyncErrorCode", choice("SkillSyncErrorCode", ErrorCode.allCases.map(\.skillSyncName))),
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

    private static func choice(_ name: String, _ codes: [String]) -> JSONValue {
        [
            "type": "string", "enum": .array(codes.map { .string($0) }),
            "x-enum-varnames": SchemaComponents.constants(of: name, codes),
            "description": "Why a request is refused",
        ]
    }

    /// The shape of errors below `/v1/oauth` (RFC 6749, section 5.2), with what the other surfaces say besides.
    private static let oauth: JSONValue = [
        "type": "object",
        "required": ["error", "error_description", "error_code", "issues", "request_id"],
        "properties": [
            "error": ["type": "string", "description": "The standard's word for it"],
            "error_description": ["type": "string", "description": "What is wrong, for people"],
            "error_code": [
                "$ref": "#/components/schemas/ErrorCode",
                "description": "The reason as on the other surfaces; never changes",
            ],
            "issues": [
                "type": "array", "items": ["$ref": "#/components/schemas/InputIssue"],
                "description": "One for each member that is wrong, at most 50",
            ],
            "request_id": ["type": "string", "description": "The request's id"],
        ],
    ]

    /// The shape of errors on `/v1`.
    private static let skillSync: JSONValue = [
        "type": "object",
        "required": ["success", "error", "meta"],
        "properties": [
            "success": ["type": "boolean", "description": "Always false"],
            "error": ["$ref": "#/components/schemas/SkillSyncErrorDetail", "description": "What is wrong"],
            "meta": ["$ref": "#/components/schemas/SkillSyncErrorMeta", "description": "When, and where to read on"],
        ],
    ]

    private static let skillSyncDetail: JSONValue = [
        "type": "object",
        "required": ["code", "message", "details", "suggestion"],
        "properties": [
            "code": ["$ref": "#/components/schemas/SkillSyncErrorCode", "description": "The reason; never changes"],
            "message": ["type": "string", "description": "What is wrong, for people"],
            "details": ["$ref": "#/components/schemas/SkillSyncErrorIssue", "description": "The member that is wrong"],
            "suggestion": ["type": "string", "description": "What would help"],
            "allowed": allowed,
        ],
    ]

    private static let skillSyncIssue: JSONValue = [
        "type": "object",
        "required": ["field", "issue", "provided", "expected"],
        "properties": [
            "field": ["type": ["string", "null"], "description": "The member's path"],
            "issue": ["type": ["string", "null"], "description": "What is wrong with it, in snake case"],
            "provided": ["type": ["string", "number", "boolean", "null"], "description": "What was sent"],
            "expected": ["type": ["string", "null"], "description": "What it must be"],
        ],
    ]

    private static let skillSyncMeta: JSONValue = [
        "type": "object",
        "required": ["timestamp", "request_id", "documentation"],
        "properties": [
            "timestamp": ["type": "string", "format": "date-time", "description": "When it was answered"],
            "request_id": ["type": "string", "description": "The request's id"],
            "documentation": ["type": "string", "format": "uri", "description": "Where the surface is described"],
        ],
    ]

    /// The shape of errors on `/api`.
    private static let common: JSONValue = [
        "type": "object",
        "required": ["message", "status", "error", "request_id"],
        "properties": [
            "message": ["type": "string", "description": "What is wrong and what would help, for people"],
            "status": [
                "type": "integer", "format": "int32", "minimum": 400, "maximum": 599,
                "description": "The answer's status",
            ],
            "error": ["$ref": "#/components/schemas/ErrorDetail", "description": "What is wrong, for programs"],
            "request_id": ["type": "string", "description": "The request's id, to report with a question"],
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

    private static let detail: JSONValue = [
        "type": "object",
        "required": ["code", "message", "issues"],
        "properties": [
            "code": ["$ref": "#/components/schemas/ErrorCode", "description": "The reason; never changes"],
            "message": ["type": "string", "description": "The same as outside"],
            "issues": [
                "type": "array", "items": ["$ref": "#/components/schemas/InputIssue"],
                "description": "One for each member that is wrong, at most 50",
            ],
            "allowed": allowed,
        ],
    ]

    private static let allowed: JSONValue = [
        "type": "array", "items": ["type": "string"],
        "description": "With a 409: the actions that are possible now",
    ]

    private static let issue: JSONValue = [
        "type": "object", "required": ["path", "message"],
        "properties": [
            "path": [
                "type": "string", "description": "The member's path, as evidence.0.url; empty for the whole body",
            ],
            "message": ["type": "string", "description": "What it must be"],
        ],
    ]
}
