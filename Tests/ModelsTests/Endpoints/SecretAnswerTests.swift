import SharedModels
import Testing

/// The promise under test: an answer that can hold a secret is declared so, and its replay is only for the credential
/// that asked.
@Suite struct SecretAnswerTests {
    /// Members that hold a secret, wherever they are.
    private static let secrets: Set<String> = [
        "secret", "client_secret", "clientSecret", "key", "api_key", "apiKey", "accessToken", "access_token",
        "refreshToken", "refresh_token", "token", "connect_url", "connectUrl",
    ]

    /// Their answers have such a member, which is never set there.
    private static let exceptions: Set<String> = [
        // The link is only in the worker's own approval.
        "contracts.deliver", "contracts.revise", "contracts.end",
    ]

    private func names(in schema: Schema) -> [String] {
        switch schema {
        case .object(let object): object.properties.flatMap { [$0.name] + names(in: $0.schema) }
        case .array(let element, _): names(in: element)
        case .nullable(let wrapped): names(in: wrapped)
        case .string, .integer, .number, .amount, .boolean, .any: []
        }
    }

    @Test(arguments: Catalogue.published.filter { $0.method != .get })
    func `an answer that can hold a secret says so`(operation: SharedModels.Operation) {
        let hasSecret = operation.outputSchema.map(names)?.contains(where: Self.secrets.contains) ?? false
        let isExpected = hasSecret && !Self.exceptions.contains(operation.id)
        #expect(operation.answersSecret == isExpected, "\(operation.line)")
    }

    @Test func `keys, webhooks, tokens, payments and approvals are among them`() {
        #expect(
            Set(Catalogue.published.filter(\.answersSecret).map(\.id)) == [
                "keys.create", "keys.rotate", "keys.rotate.named", "webhooks.create", "webhooks.rotate", "auth.login",
                "auth.refresh",
                "contracts.approve", "contracts.fund", "skillsync.keys.create", "skillsync.webhooks.create",
                "auth.google", "oauth.clients.create", "oauth.token",
                "contracts.approve", "contracts.fund", "skillsync.keys.create",
            ])
    }
}
