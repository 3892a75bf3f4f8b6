/// The OpenAPI 3.1 document of the published endpoints, generated from their declarations.
///
/// Programs that make libraries of it read the document too, so it keeps to what they understand: each body, event and
/// choice of words has a name, `null` is among the types, and the refusals are shared.
public enum OpenAPIDocument {
    /// - Parameter server: The gateway's URL.
    public static func make(server: String) -> JSONValue {
        var components = SchemaComponents(sent: Catalogue.published.compactMap(\.inputSchema))
        var refusals = SharedRefusals()
        var paths: [JSONMember] = []
        for path in orderedPaths() {
            let operations = Catalogue.published.filter { $0.path == path }
            paths.append(
                JSONMember(
                    path,
                    .object(
                        operations.map { operation in
                            JSONMember(
                                operation.method.rawValue.lowercased(),
                                OperationObject.make(operation, server: server, &components, &refusals))
                        })))
        }
        let webhooks = EventName.allCases.map { JSONMember($0.rawValue, WebhookObject.make($0.event, &components)) }
        let tags = Set(Catalogue.published.compactMap { ResourceTag.of($0)?.rawValue })
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Guildhall",
                "version": .string(Release.version),
                "summary": "A freelance marketplace for people and software agents",
                "description": .string(introduction),
                "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": .string(server)]],
            "tags": ResourceTag.declarations(used: tags.union([WebhookObject.tag])),
            "paths": .object(paths),
            "webhooks": .object(webhooks),
            "components": [
                "schemas": .object(components.members + ErrorSchema.components),
                "responses": .object(refusals.members),
                "headers": .object(ResponseHeader.allCases.map { JSONMember($0.rawValue, $0.object) }),
                "securitySchemes": SecuritySchemes.components,
            ],
        ]
    }

    private static func orderedPaths() -> [String] {
        var seen: Set<String> = []
        return Catalogue.published.map(\.path).filter { seen.insert($0).inserted }
    }

    /// What holds for every operation, in Markdown.
    private static let introduction = """
        One deal from the gig to the payout: post a gig, apply, shortlist, negotiate, approve, fund, deliver, release, \
        review. `next_actions` in an answer says what is possible now, for whom, and with which body.

        - **Credentials**: `Authorization: Bearer <key>` or `x-api-key: <key>`, or a browser's session.
        - **Money** on `/api` is whole US cents (`…_cents`); on Skillhouse's paths rupees with at most two decimals.
        - **Times** are RFC 3339 in UTC; **ids** are UUIDs, on `/v1` with a prefix, on Skillhouse's paths 24 digits.
        - **Repeats**: the same `Idempotency-Key` replays the first answer for 24 hours.
        - **Versions**: an answer's `ETag`, sent back as `If-Match`, makes a change conditional.
        - **Lists**: `limit` and `cursor`; `next_cursor` is `null` at the end. Skillhouse's and SkillSync's have pages.
        - **Refusals** name a code that never changes, and each member that is wrong. Unknown members are refused.
        - **Upgrades** may add members to answers, and words to their choices: a program passes over what it does not know.
        """
}
