import Crypto
import Foundation
import HTTPTypes
import SharedModels

/// A refusal as a small page for a person in a browser. It runs no scripts and loads nothing.
enum RefusalPage {
    private static let style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}small{color:#666}"

    static let headers: [(name: String, value: String)] = [
        ("Content-Type", "text/html; charset=utf-8"),
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'sha256-\(digest(of: style))'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'"
        ),
        // The page's address can hold a provider's code, which no other site may see.
        ("Referrer-Policy", "no-referrer"),
    ]

    /// - Parameters:
    ///   - home: The page that the person came from: the web client.
    ///   - isAboutSignIn: Whether signing in helps.
    static func bytes(
        _ error: any APIError, home: String, requestID: String, isAboutSignIn: Bool = true
    ) -> [UInt8] {
        let again = Endpoints.session.signInPage.operation.path
        let title = isAboutSignIn ? "You are not signed in" : "This request cannot be answered"
        let signIn = isAboutSignIn ? "<a href=\"\(Markup.escape(again))\">Sign in again</a> or\n" : "You can\n"
        return Array(
            """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(title)</title>
            <style>\(style)</style>
            <h1>\(title)</h1>
            <p>\(Markup.escape(error.publicMessage))</p>
            <p>\(signIn)<a href="\(Markup.escape(home))">go back to Guildhall</a>.</p>
            <p><small>Request \(Markup.escape(requestID))</small></p>
            </html>
            """.utf8)
    }

    private static func digest(of text: String) -> String {
        Base64.encode(SHA256.hash(data: Array(text.utf8)))
    }
}

extension RequestHead {
    /// Whether the caller prefers a page to JSON. Browsers name `text/html` first; programs do not.
    var prefersPage: Bool {
        for header in headers[values: .accept] {
            for range in header.utf8.split(separator: UInt8(ascii: ",")) {
                let type = range.prefix { $0 != UInt8(ascii: ";") }.trimmingBlanks
                if type.equalsIgnoringCase("text/html") { return true }
                if type.equalsIgnoringCase("application/json") { return false }
            }
        }
        return false
    }
}
