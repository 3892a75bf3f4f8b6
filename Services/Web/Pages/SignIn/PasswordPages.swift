import GuildhallClient
import SharedModels

/// `/forgot-password` and `/reset-password`: the latter is where the mailed link leads.
struct PasswordPages: PageGroup {
    private static let back = (address: "/sign-in", label: "Sign in")
    private static let lead = "We mail you a link that is good for 15 minutes."

    func register(on site: inout SiteMap) {
        site.open("/forgot-password") { askPage($0, Self.askForm) }
        site.openPost("/forgot-password", ask)
        site.open("/reset-password") { newPage($0, Self.newForm($0.query("token") ?? "")) }
        site.openPost("/reset-password", set)
    }

    private func askPage(_ visit: Visit, _ form: Form) -> WebAnswer {
        visit.formPage("Forgot your password?", form, lead: Self.lead, back: Self.back)
    }

    private func newPage(_ visit: Visit, _ form: Form) -> WebAnswer {
        visit.formPage("Set a new password", form, back: Self.back)
    }

    private static var askForm: Form {
        Form(
            "/forgot-password", submit: "Mail me a link",
            [
                Field(.email, "email", "E-mail address").with {
                    $0.isRequired = true
                    $0.autocomplete = "username"
                }
            ])
    }

    @Sendable private func ask(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.askForm, again: { askPage(visit, $0) }) {
            _ = try await visit.api.call(
                Endpoints.passwords.forgot, ["email": .string(visit.fields.text("email") ?? "")])
            return .see("/sign-in", .done("If an account has this address, a link is on its way."))
        }
    }

    private static func newForm(_ token: String) -> Form {
        func password(_ name: String, _ label: String, _ member: String) -> Field {
            Field(.password, name, label).with {
                $0.member = member
                $0.isRequired = true
                $0.autocomplete = "new-password"
            }
        }
        return Form(
            "/reset-password", submit: "Set the password",
            [
                Field(.hidden, "link", "").with {
                    $0.value = token
                    $0.member = "token"
                }, password("password", "New password", "newPassword"),
                password("again", "Once more", "confirmPassword"),
            ])
    }

    @Sendable private func set(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.newForm(""), again: { newPage(visit, $0) }) {
            let fields = visit.fields
            let body: JSONValue = [
                "token": .string(fields.text("link") ?? ""), "newPassword": .string(fields.raw("password") ?? ""),
                "confirmPassword": .string(fields.raw("again") ?? ""),
            ]
            _ = try await visit.api.call(Endpoints.passwords.update, body)
            return .see("/sign-in", .done("Your password is set. Sign in with it."))
        }
    }
}
