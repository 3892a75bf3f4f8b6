import ServiceKit
import SharedModels

/// `/v1/oauth/authorize`: where a client sends people.
struct ConsentRoutes: Sendable {
    let workflow: ConsentWorkflow
    /// Who is signed in, on a page that is there for everybody.
    let sessions: TokenWorkflow
    let cookies: SessionCookies
    let origins: OriginRule

    func register(on routes: Routes) {
        routes.handle(Endpoints.oauth.authorize, ask)
        routes.handle(Endpoints.oauth.decide, decide)
    }

    private func ask(_: NoInput, _ call: Call) async throws -> TextOutput {
        let parameters = try call.authorizationParameters()
        let request: AuthorizationRequest
        do {
            request = try await workflow.request(parameters)
        } catch AuthorizationError.sentBack(let place, let error) {
            return leave(for: workflow.sendBack(error, to: place, state: parameters.state), call)
        }
        let shown = try ShownSession(call, cookies: cookies, origins: origins)
        guard let session = try await sessions.session(shownBy: shown) else {
            let signIn = Endpoints.session.signInPage.operation.path
            return leave(for: "\(signIn)?\(FormEncoding.text([("return_to", parameters.path)]))", call)
        }
        return call.show(ConsentPage.page(try await workflow.question(request, to: session)))
    }

    private func decide(_ input: RawInput, _ call: Call) async throws -> NoOutput {
        let json = json(input, call)
        var parameters = try call.authorizationParameters()
        if let json, parameters == AuthorizationParameters() { parameters = AuthorizationParameters(json) }
        do {
            let request = try await workflow.request(parameters)
            let isAllowed = try isAllowed(input, json, request, call)
            call.redirect(
                to: isAllowed
                    ? try await workflow.allow(request, by: call.caller.accountID) : workflow.deny(request))
        } catch AuthorizationError.sentBack(let place, let error) {
            call.redirect(to: workflow.sendBack(error, to: place, state: parameters.state))
        }
        return NoOutput()
    }

    /// A form must be one of ours: a browser sends one from anywhere. JSON it sends only from our own pages, which the
    /// origin shows.
    private func isAllowed(
        _ input: RawInput, _ json: JSONValue?, _ request: AuthorizationRequest, _ call: Call
    ) throws -> Bool {
        if let json {
            guard case .bool(let approve)? = json["approve"] else { throw AuthorizationError.badDecision }
            return approve
        }
        let form = try call.oauthForm(input)
        guard let session = call.caller.sessionID else { throw AuthorizationError.foreignForm }
        try workflow.check(form[ConsentPage.proof], of: request, in: session)
        guard let decision = form[ConsentPage.decision] else { throw AuthorizationError.badDecision }
        return decision.isSpelled(ConsentPage.allow)
    }

    /// - Returns: `nil` for a body of another type. What is not JSON says nothing.
    private func json(_ input: RawInput, _ call: Call) -> JSONValue? {
        guard MediaType.isJSON(call.header("Content-Type") ?? "") else { return nil }
        return (try? JSONValue.parse(input.bytes)) ?? .null
    }

    private func leave(for url: String, _ call: Call) -> TextOutput {
        call.answer(status: 302)
        call.redirect(to: url)
        return TextOutput("text/html; charset=utf-8", "")
    }
}

extension Call {
    /// A parameter without a value is as good as none (RFC 6749, section 3.1).
    ///
    /// - Throws: What is wrong with those that say where an answer goes. The client is told of the others.
    fileprivate func authorizationParameters() throws -> AuthorizationParameters {
        for parameter in [OAuthEndpoints.clientID, OAuthEndpoints.redirectURI] {
            guard let issue = problem(with: parameter) else { continue }
            throw Refusal(.badRequest, "\(issue.path) \(issue.message).", issues: [issue])
        }
        var problem: String?
        func text(_ parameter: Parameter<String?>) throws -> String? {
            if let issue = self.problem(with: parameter) {
                problem = problem ?? "\(issue.path) \(issue.message)"
                return nil
            }
            let text = try query(parameter)
            return text?.isEmpty == true ? nil : text
        }
        var parameters = AuthorizationParameters(
            responseType: try text(OAuthEndpoints.responseType), clientID: try text(OAuthEndpoints.clientID),
            redirectURI: try text(OAuthEndpoints.redirectURI), scope: try text(OAuthEndpoints.scope),
            state: try text(OAuthEndpoints.state), codeChallenge: try text(OAuthEndpoints.codeChallenge),
            codeChallengeMethod: try text(OAuthEndpoints.codeChallengeMethod))
        parameters.problem = problem
        return parameters
    }
}
