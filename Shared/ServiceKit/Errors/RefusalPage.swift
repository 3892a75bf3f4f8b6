import Crypto
import Foundation
import HTTPTypes
import SharedModels

/// A refusal as a small page, for a person whom a browser was taking somewhere. Nothing in it runs or is loaded.
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
        // The address of the page can hold a provider's code, which is nobody else's business.
        ("Referrer-Policy", "no-referrer"),
    ]

    /// - Parameter home: Where the person came from: the web client.
    static func bytes(_ error: any APIError, home: String, requestID: String) -> [UInt8] {
        let again = Endpoints.session.startGitHub.operation.path
        return Array(
            """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>You are not signed in</title>
            <style>\(style)</style>
            <h1>You are not signed in</h1>
            <p>\(escaped(error.publicMessage))</p>
            <p><a href="\(escaped(again))">Sign in with GitHub</a> or
            <a href="\(escaped(home))">go back to Guildhall</a>.</p>
            <p><small>Request \(escaped(requestID))</small></p>
            </html>
            """.utf8)
    }

    /// `text` for use in markup and in quoted attributes.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }

    private static func digest(of text: String) -> String {
        Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
    }
}

extension RequestHead {
    /// Whether the caller would rather have a page than JSON: browsers name `text/html` first, programs do not.
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
