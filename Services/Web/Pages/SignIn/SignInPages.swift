import GuildhallClient
import ServiceKit
import SharedModels

/// `/sign-in` and `/sign-out`.
struct SignInPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.open("/sign-in", show)
        site.openPost("/sign-in", signIn)
        site.openPost("/sign-out", signOut)
    }

    @Sendable private func show(_ visit: Visit) async throws -> WebAnswer {
        try await page(visit, form(backTo: OwnPath.checked(visit.query("return_to"))))
    }

    @Sendable private func signIn(_ visit: Visit) async throws -> WebAnswer {
        let back = OwnPath.checked(visit.fields.text("return_to"))
        return try await visit.submit(form(backTo: back), again: { try await page(visit, $0) }) {
            do {
                let cookies = try await visit.api.beginSession(
                    email: visit.fields.text("email") ?? "", password: visit.fields.raw("password") ?? "")
                return .see(back, cookies: cookies)
            } catch let refusal as GuildhallRefusal where refusal.status == 401 || refusal.status == 403 {
                return try await page(
                    visit, form(backTo: back).filled(with: visit.fields).complaining(refusal.message, []))
            }
        }
    }

    @Sendable private func signOut(_ visit: Visit) async throws -> WebAnswer {
        do {
            if visit.isSignedIn { try await _ = visit.api.call(Endpoints.session.end) }
        } catch let refusal as GuildhallRefusal where refusal.status == 401 {
            // It has ended already.
        }
        return .see(
            "/", .done("You are signed out."),
            cookies: [visit.cookies.end(WebCookies.session)])
    }

    private func form(backTo path: String) -> Form {
        Form(
            "/sign-in", submit: "Sign in",
            [
                Field(.email, "email", "E-mail address").with {
                    $0.isRequired = true; $0.autocomplete = "username"
                },
                Field(.password, "password", "Password").with {
                    $0.isRequired = true
                    $0.autocomplete = "current-password"
                },
                Field(.hidden, "return_to", "").with { $0.value = path },
            ])
    }

    private func page(_ visit: Visit, _ form: Form) async throws -> WebAnswer {
        let back = OwnPath.checked(form.fields.first { $0.name == "return_to" }?.value)
        let doors = try await visit.doors().map { door -> Values in
            ["address": door.address(backTo: back), "label": "Continue with \(door.name)"]
        }
        return .page(
            "sign-in", "Sign in", ["doors": doors, "form": form.values(visit)],
            status: form.problem == nil ? 200 : 422)
    }
}
