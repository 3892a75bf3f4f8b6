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

extension Scope {
    /// What it lets a program do, for somebody who knows no API.
    var wish: String {
        switch self {
        case .matchesRead: "see the matches that were found for you"
        case .matchesWrite: "accept, reject and save matches for you"
        case .profilesRead: "see your profile, and the profiles that you can see"
        case .profilesWrite: "change your profile and your pictures"
        case .messagesRead: "read your messages"
        case .messagesWrite: "send messages in your name"
        case .analyticsRead: "see your figures, such as how often your profile was viewed"
        case .keysWrite: "make API keys for your account"
        case .gigsRead: "see gigs, jobs and your applications"
        case .gigsWrite: "post gigs and jobs, and apply to them, in your name"
        case .dealsRead: "see your negotiations, contracts, disputes and payments"
        case .dealsWrite: "negotiate, agree to contracts, pay for them and release money in your name"
        case .notificationsRead: "see your notices, and where they are sent"
        case .notificationsWrite: "change where your notices are sent, also to addresses of the program"
        case .accountRead: "see your account and its credits"
        case .accountWrite: "change your account and spend its credits"
        }
    }
}
