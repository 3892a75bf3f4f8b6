import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: the ways in that there are have a button, and those that there are not have none.
@Suite struct SignInMethodTests {
    @Test(arguments: [true, false])
    func `Google is offered where the marketplace has an application there`(hasGoogle: Bool) async throws {
        try await WebWorld.run { world in
            let methods: JSONValue = hasGoogle ? ["password", "github", "google"] : ["password", "github"]
            world.api.answer(Endpoints.session.methods, ["methods": methods])
            let signIn = try await world.stranger().get("/sign-in?return_to=/gigs")
            #expect(signIn.text.contains("href=\"/api/session/github?return_to=%2Fgigs\""))
            #expect(signIn.text.contains("href=\"/api/session/google?return_to=%2Fgigs\"") == hasGoogle)
            let register = try await world.stranger().get("/register")
            #expect(
                register.text.contains("href=\"/api/session/google?return_to=%2F&amp;user_type=freelancer\"")
                    == hasGoogle)
            world.api.answer(Endpoints.session.current, ["sign_in_methods": ["password"], "user_type": "client"])
            let settings = try await Browser(
                world: world, cookies: Shared(["guildhall_session": "of-somebody"])
            ).get("/settings")
            #expect(settings.text.contains("Link GitHub") && settings.text.contains("Link Google") == hasGoogle)
            #expect(!settings.text.contains("/unlink"))
        }
    }

    @Test func `what is linked can be unlinked, also where it is not offered any more, but never the only way in`()
        async throws
    {
        try await WebWorld.run { world in
            let browser = Browser(world: world, cookies: Shared(["guildhall_session": "of-somebody"]))
            world.api.answer(Endpoints.session.methods, ["methods": ["password", "github"]])
            world.api.answer(
                Endpoints.session.current, ["sign_in_methods": ["github", "google"], "user_type": "client"])
            let both = try await browser.get("/settings")
            for name in ["github", "google"] { #expect(both.text.contains("action=\"/settings/\(name)/unlink\"")) }
            let unlinked = try await browser.post("/settings/google/unlink")
            #expect(unlinked.status == 303 && unlinked.location == "/settings")
            #expect(world.api.requests(to: Endpoints.session.unlinkGoogle).count == 1)
            world.api.answer(Endpoints.session.current, ["sign_in_methods": ["google"], "user_type": "client"])
            let one = try await browser.get("/settings")
            #expect(one.text.contains("Your only way in, so it stays.") && !one.text.contains("/unlink"))
        }
    }
}
