import Crypto
import SharedModels

/// A small page for a person in a browser. It runs no scripts, loads nothing, and cannot be shown inside another page,
/// where it could be disguised.
package struct PlainPage: Sendable {
    /// What its forms may lead to.
    package enum Forms: Sendable {
        case none
        /// Us, and what our answer sends the browser on to: browsers hold that to the policy of the form, too.
        case us(andThen: String? = nil)
    }

    private static let style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}small{color:#555}"
        + "label{display:block;margin:.5rem 0}input{font:inherit;width:100%;box-sizing:border-box}"
        + "button{font:inherit;padding:.5rem 1.5rem;margin-right:1rem}"

    private static let styleDigest = Base64.encode(SHA256.hash(data: Array(style.utf8)))

    private let title: String
    private let body: String
    private let forms: Forms

    /// - Parameters:
    ///   - title: Also its heading. Text, not markup.
    ///   - body: Markup, in which all texts went through ``Markup/escape(_:)``.
    package init(_ title: String, _ body: String, forms: Forms) {
        (self.title, self.body, self.forms) = (Markup.escape(title), body, forms)
    }

    package var text: String {
        """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(title)</title>
        <style>\(Self.style)</style>
        <h1>\(title)</h1>
        \(body)
        </html>
        """
    }

    /// All but `Content-Type`.
    package var headers: [(name: String, value: String)] {
        let (action, referrer) =
            switch forms {
            // The page's address can hold a provider's code, which no other site may see.
            case .none: ("'none'", "no-referrer")
            // To ourselves a browser says where a form comes from; to others it says nothing.
            case .us(let next): (["'self'", next].compactMap(\.self).joined(separator: " "), "same-origin")
            }
        return [
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'sha256-\(Self.styleDigest)'; base-uri 'none'; form-action \(action); "
                    + "frame-ancestors 'none'"
            ),
            ("X-Frame-Options", "DENY"), ("Referrer-Policy", referrer),
        ]
    }
}

extension PlainPage {
    static let mediaType = "text/html; charset=utf-8"
}

extension Call {
    /// The page as an answer.
    package func show(_ page: PlainPage) -> TextOutput {
        for header in page.headers { setHeader(header.name, header.value) }
        return TextOutput(PlainPage.mediaType, page.text)
    }
}
