import ServiceKit
import SharedModels

/// The page that asks a person whether a client may act for them.
enum ConsentPage {
    static let decision = "decision"
    static let allow = "allow"
    static let proof = "consent"

    static func page(_ question: ConsentWorkflow.Question) -> PlainPage {
        let (request, account) = (question.request, question.account)
        let name = Markup.escape(request.client.name)
        let owner = Markup.escape([account.displayName, account.email].compactMap(\.self).joined(separator: ", "))
        let place = Markup.escape(RedirectURI.place(of: request.redirectURI))
        let wishes = request.scopes.map { "<li>\(Markup.escape($0.wish))</li>" }.joined(separator: "\n")
        return PlainPage(
            "Let \(request.client.name) in?",
            """
            <p><strong>\(name)</strong>\(site(of: request.client)) asks to use the Guildhall account of
            <strong>\(owner)</strong>. It could:</p>
            <ul>
            \(wishes)
            </ul>
            <p>It does not get your password, and you can take this back at any time.
            Allow it only if you were about to connect this program yourself.</p>
            <form method="post" action="\(Markup.escape(request.parameters.path))">
            <input type="hidden" name="\(proof)" value="\(Markup.escape(question.proof))">
            <button name="\(decision)" value="\(allow)">Allow</button>
            <button name="\(decision)" value="deny">Deny</button>
            </form>
            <p><small>Either way you go on to \(place).</small></p>
            """, forms: .us(andThen: RedirectURI.policySource(of: request.redirectURI)))
    }

    private static func site(of client: OAuthClient) -> String {
        client.uri.map { " (\(Markup.escape($0)))" } ?? ""
    }
}
