import GuildhallClient
import SharedModels

/// `/register`: an account with a password, opened by a code that is mailed.
struct RegisterPages: PageGroup {
    private static let back = (address: "/sign-in", label: "Sign in")

    func register(on site: inout SiteMap) {
        site.open("/register") { try await page($0, Self.form) }
        site.openPost("/register", begin)
        site.open("/register/code") { codePage($0, Self.codeForm($0.query("email") ?? "")) }
        site.openPost("/register/code", finish)
    }

    private func page(_ visit: Visit, _ form: Form) async throws -> WebAnswer {
        let others = try await visit.doors().flatMap { door -> [Values] in
            switch door {
            case .gitHub: [["address": door.address(backTo: "/settings"), "label": "Continue with GitHub"]]
            case .google:
                UserType.allCases.map { type in
                    [
                        "address": door.address(backTo: "/", becoming: type),
                        "label": "Continue with Google as a \(type.rawValue)",
                    ]
                }
            }
        }
        return visit.formPage(
            "Make an account", form,
            lead: others.isEmpty ? nil : "With one of the buttons below you need no password.", back: Self.back,
            others: others)
    }

    private static var form: Form {
        Form(
            "/register", submit: "Go on",
            [
                Field(.choice, "role", "You are a").with {
                    $0.isRequired = true
                    $0.value = "client"
                    $0.options = [
                        ("client", "client: you post gigs and pay"), ("freelancer", "freelancer: you apply and work"),
                    ]
                },
                Field(.text, "name", "Name").with {
                    $0.isRequired = true
                    $0.autocomplete = "name"
                },
                Field(.email, "email", "E-mail address").with {
                    $0.isRequired = true
                    $0.autocomplete = "username"
                },
                password("new-password"),
            ])
    }

    private static func password(_ purpose: String) -> Field {
        Field(.password, "password", "Password").with {
            $0.isRequired = true
            $0.autocomplete = purpose
            $0.hint = purpose == "new-password" ? "Eight characters or more." : "The one that you have just chosen."
        }
    }

    @Sendable private func begin(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.form, again: { try await page(visit, $0) }) {
            let fields = visit.fields
            let email = fields.text("email") ?? ""
            let body: JSONValue = [
                "name": .string(fields.text("name") ?? ""), "email": .string(email),
                "password": .string(fields.raw("password") ?? ""), "role": .string(fields.text("role") ?? ""),
            ]
            _ = try await visit.api.call(Endpoints.registrations.register, body)
            return .see("/register/code?email=\(email.percentEncoded)", .done("A code is on its way to you."))
        }
    }

    private func codePage(_ visit: Visit, _ form: Form) -> WebAnswer {
        visit.formPage(
            "Enter the code", form, lead: "It was mailed to you, and is good for five minutes.", back: Self.back)
    }

    private static func codeForm(_ email: String) -> Form {
        Form(
            "/register/code", submit: "Open the account",
            [
                Field(.email, "email", "E-mail address").with {
                    $0.isRequired = true
                    $0.value = email
                    $0.autocomplete = "username"
                },
                Field(.text, "code", "Code").with {
                    $0.member = "otp"
                    $0.isRequired = true
                    $0.autocomplete = "one-time-code"
                },
                password("current-password"),
            ])
    }

    @Sendable private func finish(_ visit: Visit) async throws -> WebAnswer {
        let fields = visit.fields
        return try await visit.submit(Self.codeForm(""), again: { codePage(visit, $0) }) {
            let body: JSONValue = [
                "email": .string(fields.text("email") ?? ""), "otp": .string(fields.text("code") ?? ""),
                "userData": ["password": .string(fields.raw("password") ?? "")],
            ]
            _ = try await visit.api.call(Endpoints.registrations.verify, body)
            return .see("/sign-in", .done("Your account is open. Sign in."))
        }
    }
}
