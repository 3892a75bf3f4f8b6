import ServiceKit
import SharedModels

/// `/api/session`.
struct SessionRoutes: Sendable {
    let workflow: SessionWorkflow
    let passwords: PasswordWorkflow
    let cookies: SessionCookies
    /// The pages that may use the cookies.
    let origins: OriginRule

    func register(on routes: Routes) {
        routes.handle(Endpoints.session.startGitHub, startGitHub)
        routes.handle(Endpoints.session.finishGitHub, finishGitHub)
        routes.handle(Endpoints.session.signInPage, signInPage)
        routes.handle(Endpoints.session.signIn, signIn)
        routes.handle(Endpoints.session.current, current)
        routes.handle(Endpoints.session.end, end)
    }

    private func startGitHub(_: NoInput, _ call: Call) async throws -> NoOutput {
        let departure = try await workflow.begin(returnTo: call.query(SessionEndpoints.returnTo))
        for end in cookies.endsOfOldSignIns(call.cookies(beginningWith: cookies.signInPrefix)) { call.setCookie(end) }
        call.setCookie(cookies.signIn(departure.browserSecret, state: departure.state))
        call.redirect(to: departure.url)
        return NoOutput()
    }

    private func finishGitHub(_: NoInput, _ call: Call) async throws -> NoOutput {
        let wasDeclined = try call.query(SessionEndpoints.providerError) != nil
        let state = try call.query(SessionEndpoints.state)
        let browserSecret = state.flatMap { call.cookie(cookies.signInName(of: $0)) }
        // A state works only once, even when the sign-in fails.
        if let state, browserSecret != nil { call.setCookie(cookies.endOfSignIn(state: state)) }
        let arrival = try await workflow.finish(
            code: wasDeclined ? nil : call.query(SessionEndpoints.code), state: state, browserSecret: browserSecret)
        call.setCookie(cookies.session(arrival.sessionText))
        call.redirect(to: arrival.returnTo)
        return NoOutput()
    }

    private func signInPage(_: NoInput, _ call: Call) async throws -> TextOutput {
        for header in SignInPage.headers { call.setHeader(header.name, header.value) }
        return TextOutput(
            "text/html; charset=utf-8", SignInPage.text(returnTo: try call.query(SessionEndpoints.returnTo)))
    }

    /// Only our own page signs somebody in: another site could sign them in as somebody else.
    private func signIn(_ input: RawInput, _ call: Call) async throws -> NoOutput {
        try origins.check(call)
        let form = try call.oauthForm(input)
        let (email, password) = (try form.require(SignInPage.email), try form.require(SignInPage.password))
        // Nobody has longer ones, and hashing them would take its time.
        guard email.utf8.count <= 1016, password.utf8.count <= 4096 else { throw PasswordError.wrong }
        let text = try await passwords.beginSession(
            of: email, with: password, showing: ShownSession(call, cookies: cookies, origins: origins),
            from: Place(call.sourceAddress))
        call.setCookie(cookies.session(text))
        call.redirect(to: try call.query(SessionEndpoints.returnTo))
        return NoOutput()
    }

    private func current(_: NoInput, _ call: Call) async throws -> SessionView {
        let account = try await workflow.account(of: call.caller)
        return SessionView(
            userID: account.id, userType: account.userType, role: account.role, displayName: account.displayName,
            githubUsername: account.gitHub?.username, subscriptionTier: account.plan,
            expiresAt: call.caller.expiresAt ?? call.now)
    }

    private func end(_: NoInput, _ call: Call) async throws -> NoOutput {
        if try call.query(SessionEndpoints.everySession) {
            try await workflow.endAll(of: call.caller.accountID)
            call.setCookie(cookies.endOfRefresh)
        } else if let id = call.caller.sessionID {
            try await workflow.end(id)
        }
        call.setCookie(cookies.endOfSession)
        return NoOutput()
    }
}
