import SharedModels
import Testing

extension Journeys {
    /// Signing in with Google on pages of ours, against the sandbox's Google.
    @Suite struct GoogleSessions {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private static func newAddress() -> String { "g\(UInt64.random(in: 1 ... .max))@example.org" }

        /// From the page of ours to Google, as `login` there, and back.
        ///
        /// - Parameter more: What else is said at Google.
        private func comeBack(
            _ login: String, from start: String = "/api/session/google?return_to=/gigs", _ more: String = "",
            in browser: inout Browser
        ) async throws -> Answer {
            let begun = try await browser.get(start)
            let google = try #require(begun.header("location"), "\(begun)")
            let consent = try await browser.get(google + "&login=\(login.replacing("@", with: "%40"))" + more)
            return try await browser.get(consent.header("location"))
        }

        private func caller(_ browser: Browser) throws -> Caller {
            var caller = stack.anyone
            caller.headers = [("Cookie", "guildhall_session=\(try #require(browser.cookies["guildhall_session"]))")]
            return caller
        }

        @Test(arguments: [("", "client"), ("&user_type=freelancer", "freelancer")])
        func `who signs in with Google for the first time has an account and a session, and comes back to it`(
            query: String, type: String
        ) async throws {
            let address = Self.newAddress()
            var ids: [JSONValue?] = []
            for _ in 0..<2 {
                var browser = Browser(stack: stack)
                let done = try await comeBack(
                    address, from: "/api/session/google?return_to=/gigs\(query)", in: &browser)
                #expect(done.status == 302 && done.header("location")?.hasSuffix("/gigs") == true, "\(done)")
                let me = try await caller(browser).succeed(Endpoints.session.current.operation)
                #expect(me["user_type"]?.string == type && me["sign_in_methods"] == ["google"], "\(me)")
                ids.append(me["user_id"])
            }
            #expect(ids[0] == ids[1])
        }

        @Test func `what cannot be finished ends on a page that says why, without a session`() async throws {
            var browser = Browser(stack: stack)
            let declined = try await comeBack("anybody", "&cancel=1", in: &browser)
            #expect(declined.status == 403 && declined.text.contains("access was not granted"), "\(declined)")
            let unverified = try await comeBack("unverified-\(Self.newAddress())", in: &browser)
            #expect(unverified.status == 401 && unverified.text.contains("has not verified"), "\(unverified)")
            let begun = try await browser.get("/api/session/google")
            let google = try #require(begun.header("location"))
            let other = google.replacing(/nonce=[^&]*/, with: "nonce=of-another-sign-in")
            let consent = try await browser.get(other + "&login=anybody")
            let mixed = try await browser.get(consent.header("location"))
            #expect(mixed.status == 401 && mixed.text.contains("token is not valid"), "\(mixed)")
            let again = try await browser.get(consent.header("location"))
            #expect(again.status == 401 && again.text.contains("was finished already"), "\(again)")
            let unknown = try await browser.get("/api/session/google/callback?code=c&state=unknown")
            #expect(unknown.status == 401)
            for page in [declined, unverified, mixed, again, unknown] {
                #expect(page.header("content-type") == "text/html; charset=utf-8")
                #expect(page.text.contains("href=\"/api/session/sign-in\""))
            }
            #expect(browser.cookies["guildhall_session"] == nil)
        }

        @Test func `who is signed in links Google by a page of ours, unlinks it, and it stays out`() async throws {
            let person = try await Registered.make(.client, in: stack)
            let session = try await person.signIn()
            let begun = try await session.caller.succeed(
                Endpoints.session.linkGoogle.operation, query: "?return_to=/me")
            var browser = Browser(stack: stack, cookies: begun.cookies)
            let google = try #require(begun["url"]?.string)
            let login = person.email.replacing("@", with: "%40")
            let consent = try await browser.get(google + "&login=\(login)")
            let linked = try await browser.get(consent.header("location"))
            #expect(linked.status == 302 && linked.header("location")?.hasSuffix("/me") == true, "\(linked)")
            #expect(browser.cookies["guildhall_session"] == nil)
            let me = try await session.caller.succeed(Endpoints.session.current.operation)
            #expect(me["sign_in_methods"] == ["password", "google"])

            var fresh = Browser(stack: stack)
            _ = try await comeBack(person.email, in: &fresh)
            let same = try await caller(fresh).succeed(Endpoints.session.current.operation)
            #expect(same["user_id"]?.string == session.id)
            // Without a page of ours nobody links, whatever the cookie is.
            let lured = try await fresh.get("/api/session/google?link=true")
            #expect(lured.status == 403 && lured.text.contains("Begin on a page of the marketplace"), "\(lured)")
            let own = try await fresh.get(
                "/api/session/google?link=true", headers: [("Sec-Fetch-Site", "same-origin")])
            #expect(own.status == 302, "\(own)")

            try await session.caller.succeed(Endpoints.session.unlinkGoogle.operation)
            var later = Browser(stack: stack)
            let keptOut = try await comeBack(person.email, in: &later)
            #expect(keptOut.status == 409 && keptOut.text.contains("was unlinked"), "\(keptOut)")
        }

        @Test func `everybody may ask how people sign in`() async throws {
            let answer = try await stack.anyone.succeed(Endpoints.session.methods.operation)
            #expect(answer["methods"] == ["password", "github", "google"])
        }
    }
}
