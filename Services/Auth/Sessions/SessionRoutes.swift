import ServiceKit
import SharedModels

/// `/api/session`.
struct SessionRoutes: Sendable {
    let workflow: SessionWorkflow
    let passwords: PasswordWorkflow
    /// Whose session a browser has, on the way to a provider and back.
    let tokens: TokenWorkflow
    let people: any PeoplePeers
    let cookies: SessionCookies
    /// The pages that may use the cookies.
    let origins: OriginRule

    func register(on routes: Routes) {
        routes.handle(Endpoints.session.startGitHub) { _, call in try await start(.gitHub, call) }
        routes.handle(Endpoints.session.finishGitHub) { _, call in try await finish(.gitHub, call) }
        routes.handle(Endpoints.session.linkGitHub) { _, call in try await link(.gitHub, call) }
        routes.handle(Endpoints.session.unlinkGitHub) { _, call in try await unlink(.gitHub, call) }
        routes.handle(Endpoints.session.startGoogle) { _, call in
            try await start(.google, becoming: call.query(SessionEndpoints.userType), call)
        }
        routes.handle(Endpoints.session.finishGoogle) { _, call in try await finish(.google, call) }
        routes.handle(Endpoints.session.linkGoogle) { _, call in try await link(.google, call) }
        routes.handle(Endpoints.session.unlinkGoogle) { _, call in try await unlink(.google, call) }
        routes.handle(Endpoints.session.methods) { _, _ in SignInMethodList(methods: workflow.methods) }
        routes.handle(Endpoints.session.signInPage, signInPage)
        routes.handle(Endpoints.session.signIn, signIn)
        routes.handle(Endpoints.session.current, current)
        routes.handle(Endpoints.session.end, end)
    }

    private func start(
        _ provider: Provider, becoming type: UserType? = nil, _ call: Call
    ) async throws -> NoOutput {
        let session = try await call.query(SessionEndpoints.link) ? own(provider, call) : nil
        let departure = try await depart(to: provider, becoming: type ?? .client, linking: session, call)
        call.redirect(to: departure.url)
        return NoOutput()
    }

    /// Only a page of ours may link what its browser is signed in to at a provider.
    private func own(_ provider: Provider, _ call: Call) async throws -> LiveSession {
        guard let session = try await session(call) else { throw SignInError.notSignedIn(provider) }
        guard origins.permitsNavigation(from: call) else { throw SignInError.foreignPage(provider) }
        return session
    }

    private func session(_ call: Call) async throws -> LiveSession? {
        guard let cookie = call.sessionText(cookies.session) else { return nil }
        return try await tokens.session(shownBy: ShownSession(cookie: cookie))
    }

    private func link(_ provider: Provider, _ call: Call) async throws -> ProviderDoor {
        guard let id = call.caller.sessionID else { throw SignInError.notSignedIn(provider) }
        let session = LiveSession(id: id, accountID: call.caller.accountID)
        return ProviderDoor(url: try await depart(to: provider, linking: session, call).url)
    }

    private func unlink(_ provider: Provider, _ call: Call) async throws -> NoOutput {
        try await workflow.unlink(provider, of: call.caller.accountID)
        return NoOutput()
    }

    /// Binds the way to a provider and back to this browser.
    private func depart(
        to provider: Provider, becoming type: UserType = .client, linking session: LiveSession?, _ call: Call
    ) async throws -> SessionWorkflow.Departure {
        let departure = try await workflow.begin(
            at: provider, becoming: type, returnTo: call.query(SessionEndpoints.returnTo), linking: session)
        for end in cookies.endsOfOldSignIns(call.cookies(beginningWith: cookies.signInPrefix)) { call.setCookie(end) }
        call.setCookie(cookies.signIn(departure.browserSecret, state: departure.state))
        return departure
    }

    private func finish(_ provider: Provider, _ call: Call) async throws -> NoOutput {
        let wasDeclined = try call.query(SessionEndpoints.providerError) != nil
        let state = try call.query(SessionEndpoints.state)
        let browserSecret = state.flatMap { call.cookie(cookies.signInName(of: $0)) }
        // A state works only once, even when the sign-in fails.
        if let state, browserSecret != nil { call.setCookie(cookies.endOfSignIn(state: state)) }
        let arrival = try await workflow.finish(
            from: provider, code: wasDeclined ? nil : call.query(SessionEndpoints.code), state: state,
            browserSecret: browserSecret, inBrowserOf: session(call)?.accountID)
        if let text = arrival.sessionText { call.setCookie(cookies.session(text)) }
        call.redirect(to: arrival.returnTo)
        return NoOutput()
    }

    private func signInPage(_: NoInput, _ call: Call) async throws -> TextOutput {
        try call.show(
            SignInPage.page(
                returnTo: call.query(SessionEndpoints.returnTo), hasGoogle: workflow.methods.contains(.google)))
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
        let name = await people.find([account.id])[account.id]?.name ?? account.displayName
        return SessionView(
            userID: account.id, userType: account.userType, role: account.role, displayName: name,
            githubUsername: account.gitHub?.username, signInMethods: try await workflow.signInMethods(of: account),
            subscriptionTier: account.plan,
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
