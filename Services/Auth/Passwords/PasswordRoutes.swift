import ServiceKit
import SharedModels

/// `/api/auth` for new passwords.
struct PasswordRoutes: Sendable {
    let passwords: PasswordWorkflow
    let links: PasswordLinkWorkflow
    let cookies: SessionCookies
    /// The pages that may use the cookies.
    let origins: OriginRule

    func register(on routes: Routes) {
        routes.handle(Endpoints.passwords.change, change)
        routes.handle(Endpoints.passwords.forgot, forgot)
        routes.handle(Endpoints.passwords.update, update)
    }

    private func change(_ input: PasswordChangeInput, _ call: Call) async throws -> Acknowledgement {
        let shown = try ShownSession(call, cookies: cookies, origins: origins)
        try await passwords.change(input, showing: shown, from: Place(call.sourceAddress))
        return Acknowledgement("The password is changed; your other sessions have ended.")
    }

    private func forgot(_ input: AddressInput, _ call: Call) async throws -> Acknowledgement {
        try await links.forgot(
            input.email, in: Language(acceptedBy: call.header("Accept-Language")),
            from: call.sourceAddress.map { Place($0) })
        return Acknowledgement("If somebody has an account with this address, a link is on its way there.")
    }

    private func update(_ input: PasswordByLinkInput, _: Call) async throws -> Acknowledgement {
        try await links.update(input)
        return Acknowledgement("The password is set, and your sessions have ended; sign in.")
    }
}
