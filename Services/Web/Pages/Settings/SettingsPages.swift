import GuildhallClient
import ServiceKit
import SharedModels

/// `/settings`: one's profile, and the end of one's account.
struct SettingsPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/settings", show)
        site.post("/settings", save)
        site.get("/settings/delete") { page($0, Self.deletion) }
        site.post("/settings/delete", delete)
    }

    @Sendable private func show(_ visit: Visit) async throws -> WebAnswer {
        try await settings(visit, nil)
    }

    /// - Parameter refused: The form of the profile as it was sent, with what is wrong with it.
    private func settings(_ visit: Visit, _ refused: Form?) async throws -> WebAnswer {
        let parts = Parts()
        async let profile = parts.part("your profile") { try await visit.api.call(Endpoints.profiles.me) }
        async let doors = visit.doors()
        let person = try await visit.person()
        async let picture = Picture.address(of: person.userID, visit)
        let (own, offered) = (try await profile, try await doors)
        var values: Values = [
            "ownProfile": "/people/\(person.userID)", "methods": SignInMethodPages.values(person, offered, visit),
        ]
        // A form without what is stored would empty it.
        values["form"] = (refused ?? own.map { Self.form($0) })?.values(visit)
        values["picture"] = await picture
        values["resume"] = own?.resumeURL.flatMap(WebURL.init)?.text
        if own?.resumeURL != nil {
            values["removeResume"] = visit.button("Remove it", "/settings/resume/remove", style: "quiet")
        }
        return .page("settings", "Settings", values, status: refused == nil ? 200 : 422, parts)
    }

    private static func form(_ own: OwnProfile?) -> Form {
        Form(
            "/settings", submit: "Save",
            [
                Field(.choice, "type", "You are a").with {
                    $0.member = "user_type"
                    $0.isRequired = true
                    $0.value = own?.userType.rawValue ?? "client"
                    $0.options = [
                        ("client", "client: you post gigs and pay"), ("freelancer", "freelancer: you apply and work"),
                    ]
                },
                Field(.text, "name", "Name").with {
                    $0.member = "display_name"
                    $0.isRequired = true
                    $0.value = own?.displayName ?? ""
                    $0.autocomplete = "name"
                },
                Field(.area, "bio", "About you").with {
                    $0.value = own?.bio ?? ""; $0.most = 5000
                },
                Field(.text, "skills", "Skills").with {
                    $0.value = own?.skills.joined(separator: ", ") ?? ""
                    $0.hint = "With commas between them."
                },
                Field(.url, "website", "Website").with {
                    $0.member = "portfolio_website_url"
                    $0.value = own?.portfolioWebsiteURL ?? ""
                    $0.autocomplete = "url"
                },
            ])
    }

    @Sendable private func save(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.form(nil), again: { try await settings(visit, $0) }) {
            let fields = visit.fields
            let body: JSONValue = [
                "user_type": .string(fields.text("type") ?? ""), "display_name": .string(fields.text("name") ?? ""),
                "bio": fields.text("bio").map { .string($0) } ?? .null,
                "skills": .array(fields.list("skills").map { .string($0) }),
                "portfolio_website_url": fields.text("website").map { .string($0) } ?? .null,
            ]
            _ = try await visit.api.call(Endpoints.profiles.update, body, idempotencyKey: visit.once)
            return .see("/settings", .done("Your profile is saved."))
        }
    }

    private static var deletion: Form {
        var form = Form(
            "/settings/delete", submit: "Delete my account for good",
            [
                Field(.area, "reason", "Why").with { $0.most = 1000 },
                Field(.check, "sure", "I know that this cannot be undone.").with { $0.isRequired = true },
            ])
        form.style = "danger"
        return form
    }

    private func page(_ visit: Visit, _ form: Form) -> WebAnswer {
        visit.formPage(
            "Delete your account", form,
            lead:
                "Every session and key ends, your gigs and applications go, and your name is taken out of what stays. While money or a dispute is open this is refused.",
            back: ("/settings", "Settings"))
    }

    @Sendable private func delete(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.deletion, again: { page(visit, $0) }) {
            guard visit.fields.text("sure") != nil else { throw FieldProblem("sure", "has to be ticked") }
            let members = visit.fields.text("reason").map { [JSONMember("reason", .string($0))] } ?? []
            _ = try await visit.api.call(Endpoints.account.delete, .object(members), idempotencyKey: visit.once)
            return .see(
                "/", .done("Your account is deleted."),
                cookies: [visit.cookies.end(WebCookies.session)])
        }
    }
}
