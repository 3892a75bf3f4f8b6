import SharedModels
import Testing

extension Journeys {
    /// Signing in with GitHub in a browser, in several tabs, and out of all of them.
    @Suite struct Sessions {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test func `two tabs of one browser sign in beside each other`() async throws {
            var browser = Browser(stack: stack)
            let login = "j\(UInt64.random(in: 1 ... .max))"
            let first = try await browser.get("/api/session/github?return_to=/first")
            let second = try await browser.get("/api/session/github?return_to=/second")
            for (tab, path) in [(first, "/first"), (second, "/second")] {
                let consent = try await browser.get(try #require(tab.header("location")) + "&login=\(login)")
                let done = try await browser.get(consent.header("location"))
                #expect(done.status == 302 && done.header("location")?.hasSuffix(path) == true, "\(done)")
                #expect(done.cookies["guildhall_session"] != nil)
            }
        }

        @Test func `who signs in with a password links GitHub, which nobody else can take then`() async throws {
            let (person, login) = (
                try await Registered.make(.client, in: stack), "j\(UInt64.random(in: 1 ... .max))"
            )
            let session = try await person.signIn()
            let linked = try await link(login, as: session.caller)
            #expect(linked.status == 302 && linked.header("location")?.hasSuffix("/me") == true, "\(linked)")
            #expect(linked.cookies["guildhall_session"] == nil)
            let me = try await session.caller.succeed(Endpoints.session.current.operation)
            #expect(me["github_username"]?.string == login && me["sign_in_methods"] == ["password", "github"])
            #expect(try await stack.account(.client, login: login).id == session.id)

            let other = try await Registered.make(.client, in: stack).signIn()
            #expect(try await link(login, as: other.caller).status == 409)
            let anybody = try await stack.anyone.ask(Endpoints.session.startGitHub.operation, query: "?link=true")
            #expect(anybody.status == 401, "\(anybody)")

            try await session.caller.succeed(Endpoints.session.unlinkGitHub.operation)
            let rest = try await session.caller.succeed(Endpoints.session.current.operation)
            #expect(rest["github_username"] == .null && rest["sign_in_methods"] == ["password"])
            let alone = try await stack.client()
            let refused = try await alone.session.ask(Endpoints.session.unlinkGitHub.operation)
            #expect(refused.status == 409 && refused.code == "CONFLICT", "\(refused)")
        }

        @Test func `a session links GitHub by a link on a page of ours, and by nothing else`() async throws {
            let account = try await stack.client()
            let start = Endpoints.session.startGitHub.operation
            let elsewhere: [[(String, String)]] = [
                [("Sec-Fetch-Site", "cross-site"), ("Referer", "https://evil.example/")], [],
                [("Sec-Fetch-Site", "none")], [("Sec-Fetch-Site", "same-site")],
                [("Referer", "https://evil.example/?\(stack.gateway)")],
            ]
            for headers in elsewhere {
                let refused = try await account.session.ask(start, query: "?link=true", headers: headers)
                #expect(refused.status == 403 && refused.cookies.isEmpty, "\(refused)")
            }
            let page = try await account.session.ask(
                start, query: "?link=true", headers: [("Referer", "\(stack.gateway)/account")])
            #expect(page.status == 302, "\(page)")
            let own = try await account.session.ask(
                start, query: "?link=true", headers: [("Sec-Fetch-Site", "same-origin")])
            #expect(own.status == 302 && own.header("location")?.contains("authorize") == true, "\(own)")
        }

        /// Goes to GitHub and back, as `login` there.
        private func link(_ login: String, as caller: Caller) async throws -> Answer {
            let begun = try await caller.succeed(Endpoints.session.linkGitHub.operation, query: "?return_to=/me")
            var browser = Browser(stack: stack, cookies: begun.cookies)
            let consent = try await browser.get(try #require(begun["url"]?.string) + "&login=\(login)")
            return try await browser.get(consent.header("location"))
        }

        @Test func `a person whose sign-in cannot be finished sees a page, and a program JSON`() async throws {
            var browser = Browser(stack: stack)
            let page = try await browser.get("/api/session/github/callback?code=c&state=unknown")
            #expect(page.status == 401 && page.header("content-type") == "text/html; charset=utf-8")
            #expect(page.header("content-security-policy")?.hasPrefix("default-src 'none'") == true)
            let answer = try await stack.anyone.ask(
                Endpoints.session.finishGitHub.operation, query: "?code=c&state=unknown")
            #expect(answer.status == 401 && answer.code == "UNAUTHORIZED")
        }

        @Test func `one request ends every session of an account, on every service`() async throws {
            let login = "j\(UInt64.random(in: 1 ... .max))"
            let here = try await stack.account(.client, login: login)
            let there = try await stack.account(.client, login: login)
            let key = try await here.key()
            try await here.session.succeed(Endpoints.session.end.operation, query: "?all=true")
            for session in [here.session, there.session] {
                for operation in [Endpoints.session.current.operation, Endpoints.gigs.list.operation] {
                    try await session.waitUntilRefused(at: operation)
                }
            }
            try await key.caller.succeed(Endpoints.gigs.list.operation)
        }

        @Test func `a key that is sent wins over a cookie, even when it is not valid`() async throws {
            let account = try await stack.client()
            let wrong = [(name: "Authorization", value: "Bearer nonsense")]
            let answer = try await account.session.ask(Endpoints.session.current.operation, headers: wrong)
            #expect(answer.status == 401)
            let key = try await account.key()
            let withKey = try await account.session.ask(
                Endpoints.keys.verify.operation, headers: [("x-api-key", key.text)])
            #expect(withKey.status == 200 && withKey["api_key_id"]?.string == key.id)
        }
    }
}
