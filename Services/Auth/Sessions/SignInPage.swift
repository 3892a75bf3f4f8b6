import ServiceKit
import SharedModels

/// The page on which a person signs in, in whichever way they can, on the way to another page of ours.
enum SignInPage {
    static let email = "email"
    static let password = "password"

    /// - Parameters:
    ///   - returnTo: Where the person goes afterwards, a path of ours.
    ///   - hasGoogle: Whether people sign in with Google here.
    static func page(returnTo: String, hasGoogle: Bool) -> PlainPage {
        let providers = [("GitHub", Endpoints.session.startGitHub), ("Google", Endpoints.session.startGoogle)]
        let query = Markup.escape("?" + FormEncoding.text([(SessionEndpoints.returnTo.name, returnTo)]))
        let links = providers.prefix(hasGoogle ? 2 : 1).map { name, endpoint in
            "<p><a href=\"\(endpoint.operation.path)\(query)\">Sign in with \(name)</a></p>"
        }
        return PlainPage(
            "Sign in to Guildhall",
            """
            \(links.joined())
            <p>Or with your mail address and password:</p>
            <form method="post" action="\(Endpoints.session.signIn.operation.path)\(query)">
            <label>Mail address <input type="email" name="\(email)" autocomplete="username" required></label>
            <label>Password <input type="password" name="\(password)" autocomplete="current-password" required></label>
            <button>Sign in</button>
            </form>
            """, forms: .us())
    }
}
