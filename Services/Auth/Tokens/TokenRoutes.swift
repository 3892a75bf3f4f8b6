import ServiceKit
import SharedModels

/// `/api/auth` for signing in and out, and the public keys.
struct TokenRoutes: Sendable {
    let passwords: PasswordWorkflow
    let google: GoogleWorkflow
    let workflow: TokenWorkflow
    let people: any PeoplePeers
    let cookies: SessionCookies
    /// The pages that may use the cookies.
    let origins: OriginRule

    func register(on routes: Routes) {
        routes.handle(Endpoints.auth.login, login)
        routes.handle(Endpoints.auth.google, signInWithGoogle)
        routes.handle(Endpoints.auth.logout, logout)
        routes.handle(Endpoints.auth.refresh, refresh)
        routes.handle(Endpoints.auth.publicKeys, publicKeys)
    }

    private func login(_ input: LoginInput, _ call: Call) async throws -> LoginView {
        let (account, tokens) = try await passwords.signIn(
            input, showing: shown(call), from: Place(call.sourceAddress))
        return await answer(account, tokens, call)
    }

    private func signInWithGoogle(_ input: GoogleLoginInput, _ call: Call) async throws -> LoginView {
        let (account, tokens) = try await google.signIn(input, showing: shown(call))
        return await answer(account, tokens, call)
    }

    private func answer(_ account: Account, _ tokens: TokenPair, _ call: Call) async -> LoginView {
        call.setCookie(cookies.refresh(tokens.refreshToken))
        let person = await people.find([account.id])[account.id]
        return LoginView(
            message: "You are signed in.", accessToken: tokens.accessToken, role: account.role,
            user: LoginUser(
                id: account.id, name: person?.name ?? account.displayName, email: account.email ?? "",
                status: account.status, profilePic: person?.picture ?? ""))
    }

    private func logout(_: NoInput, _ call: Call) async throws -> Acknowledgement {
        try await workflow.signOut(shown(call))
        call.setCookie(cookies.endOfRefresh)
        return Acknowledgement("You are signed out.")
    }

    private func refresh(_: NoInput, _ call: Call) async throws -> AccessTokenView {
        let tokens = try await workflow.refresh(shown(call).refreshToken)
        call.setCookie(cookies.refresh(tokens.refreshToken))
        return AccessTokenView(accessToken: tokens.accessToken)
    }

    private func shown(_ call: Call) throws -> ShownSession {
        try ShownSession(call, cookies: cookies, origins: origins)
    }

    private func publicKeys(_: NoInput, _ call: Call) async throws -> JSONWebKeySet {
        // The keys change only with SERVICE_SECRET, so programs that check tokens may keep them.
        call.setHeader("Cache-Control", "public, max-age=300")
        return workflow.tokens.publicKeys
    }
}
