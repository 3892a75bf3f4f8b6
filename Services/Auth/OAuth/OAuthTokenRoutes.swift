import ServiceKit
import SharedModels

/// `/v1/oauth/token`, `revoke` and `introspect`, called by clients, and `/v1/oauth/grants`, called by people.
struct OAuthTokenRoutes: Sendable {
    let workflow: OAuthTokenWorkflow
    let end: OAuthTokenEnd

    func register(on routes: Routes) {
        routes.handle(Endpoints.oauth.token, token)
        routes.handle(Endpoints.oauth.revoke, revoke)
        routes.handle(Endpoints.oauth.introspect, introspect)
        routes.handle(Endpoints.oauthGrants.list, list)
        routes.handle(Endpoints.oauthGrants.delete, withdraw)
    }

    private func token(_ input: RawInput, _ call: Call) async throws -> OAuthTokenView {
        // Besides Cache-Control: no-store, which every answer has (RFC 6749, section 5.1).
        call.setHeader("Pragma", "no-cache")
        return try await workflow.token(
            call.oauthForm(input), authorization: call.header("Authorization"), from: Place(call.sourceAddress))
    }

    private func revoke(_ input: RawInput, _ call: Call) async throws -> TextOutput {
        try await end.revoke(
            call.oauthForm(input), authorization: call.header("Authorization"), from: Place(call.sourceAddress))
        return TextOutput("text/plain; charset=utf-8", "")
    }

    private func introspect(_ input: RawInput, _ call: Call) async throws -> OAuthIntrospectionView {
        try await end.introspect(
            call.oauthForm(input), authorization: call.header("Authorization"), from: Place(call.sourceAddress))
    }

    private func list(_: NoInput, _ call: Call) async throws -> OAuthGrantList {
        let page = try await end.page(
            of: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        return OAuthGrantList(grants: page.items.map(\.view), nextCursor: page.nextCursor)
    }

    private func withdraw(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await end.withdraw(call.path("id"), of: call.caller.accountID)
        return NoOutput()
    }
}

extension Call {
    /// An empty body counts as a form without fields, under any media type: what it lacks is the fields.
    ///
    /// - Throws: ``OAuthTokenError/invalidRequest(_:)`` when the body is no form.
    func oauthForm(_ input: RawInput) throws(OAuthTokenError) -> FormFields {
        let isForm = header("Content-Type").map(MediaType.essence)?.isSpelled(FormFields.mediaType) == true
        guard isForm || input.bytes.isEmpty else {
            throw .invalidRequest("The body must be sent as Content-Type: \(FormFields.mediaType)")
        }
        return try FormFields(input.bytes)
    }
}
