import Crypto
import SharedModels

/// The page on which a person signs in, in whichever way they can, on the way to another page of ours. It runs no
/// scripts, loads nothing, and cannot be shown inside another page.
enum SignInPage {
    static let email = "email"
    static let password = "password"

    private static let style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:24rem;margin:3rem auto;padding:0 1rem}"
        + "label{display:block;margin:.5rem 0}input{font:inherit;width:100%;box-sizing:border-box}"
        + "button{font:inherit;padding:.5rem 1.5rem}"

    static var headers: [(name: String, value: String)] {
        let digest = Base64.encode(SHA256.hash(data: Array(style.utf8)))
        return [
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'self'; "
                    + "frame-ancestors 'none'"
            ),
            ("X-Frame-Options", "DENY"),
            // To ourselves a browser says where a form comes from; to others it says nothing.
            ("Referrer-Policy", "same-origin"),
        ]
    }

    /// - Parameters:
    ///   - returnTo: Where the person goes afterwards, a path of ours.
    ///   - hasGoogle: Whether people sign in with Google here.
    static func text(returnTo: String, hasGoogle: Bool) -> String {
        let providers = [("GitHub", Endpoints.session.startGitHub), ("Google", Endpoints.session.startGoogle)]
        let query = Markup.escape("?" + FormEncoding.text([(SessionEndpoints.returnTo.name, returnTo)]))
        let links = providers.prefix(hasGoogle ? 2 : 1).map { name, endpoint in
            "<p><a href=\"\(endpoint.operation.path)\(query)\">Sign in with \(name)</a></p>"
        }
        return """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Sign in to Guildhall</title>
            <style>\(style)</style>
            <h1>Sign in to Guildhall</h1>
            \(links.joined())
            <p>Or with your mail address and password:</p>
            <form method="post" action="\(Endpoints.session.signIn.operation.path)\(query)">
            <label>Mail address <input type="email" name="\(email)" autocomplete="username" required></label>
            <label>Password <input type="password" name="\(password)" autocomplete="current-password" required></label>
            <button>Sign in</button>
            </form>
            </html>
            """
    }
}
