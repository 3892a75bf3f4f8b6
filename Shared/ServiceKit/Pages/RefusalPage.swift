import HTTPTypes
import SharedModels

extension PlainPage {
    /// A refusal for a person in a browser.
    ///
    /// - Parameters:
    ///   - home: The page that the person came from: the web client.
    ///   - isAboutSignIn: Whether signing in helps.
    init(refusing error: any APIError, home: String, requestID: String, isAboutSignIn: Bool = true) {
        let again = Endpoints.session.signInPage.operation.path
        let signIn = isAboutSignIn ? "<a href=\"\(Markup.escape(again))\">Sign in again</a> or\n" : "You can\n"
        self.init(
            isAboutSignIn ? "You are not signed in" : "This request cannot be answered",
            """
            <p>\(Markup.escape(error.publicMessage))</p>
            <p>\(signIn)<a href="\(Markup.escape(home))">go back to Guildhall</a>.</p>
            <p><small>Request \(Markup.escape(requestID))</small></p>
            """, forms: .none)
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
