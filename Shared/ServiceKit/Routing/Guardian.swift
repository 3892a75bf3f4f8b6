import HTTPTypes
import SharedModels

/// Decides whether a request may reach its handler, by its credential and by what the endpoint asks of callers.
struct Guardian: Sendable {
    let resolver: CredentialResolver
    let tokens: ServiceTokens
    let credentials: CredentialReaders
    /// The origins that may write with a cookie.
    let origins: OriginRule

    /// - Throws: 401, 403, 429 or 503.
    func admit(_ head: RequestHead, _ operation: SharedModels.Operation, _ reply: ReplyHead) async throws -> Pass {
        switch operation.access {
        case .anyone:
            return Pass()
        case .service(let callers):
            guard let token = Authorization.bearer(head.header(.authorization)) else {
                throw Refusal.unauthorized("A service token is required.")
            }
            let peer = try await tokens.verify(token)
            guard callers.contains(peer) else { throw Refusal.forbidden("\(peer.rawValue) may not call this.") }
            return Pass(peer: peer)
        case .operator:
            guard let token = Authorization.bearer(head.header(.authorization)) else {
                throw Refusal.unauthorized("The operator's token is required.")
            }
            try await tokens.verifyOperator(token)
            return Pass()
        case .account(let rule):
            if rule.opensByLink, head.query("signature") != nil { return Pass() }
            return try await admit(head, operation, rule, reply)
        }
    }

    private func admit(
        _ head: RequestHead, _ operation: SharedModels.Operation, _ rule: AccountRule, _ reply: ReplyHead
    ) async throws -> Pass {
        let admission = try await admission(head, on: operation.surface, reply) { credential in
            guard credential.source == .cookie else { return }
            let isPermitted = origins.permits(
                operation.method, origin: head.header(.origin), fetchSite: head.header(.fetchSite))
            guard isPermitted else { throw OriginRule.refusal }
        }
        if let key = admission.principal.apiKeyID { reply.key = key }
        do {
            try check(admission.principal, rule)
        } catch {
            admission.release()
            throw error
        }
        return Pass(principal: admission.principal, admission: admission)
    }

    /// Charges a request that no endpoint answers to the plan of the key or token that it carries, as it charges the others,
    /// and tells the caller the limits. Strangers get the same answer.
    ///
    /// - Returns: Whose credential it is; `nil` for strangers.
    /// - Throws: 403, 429 or 503.
    func charge(_ head: RequestHead, on surface: Surface, _ reply: ReplyHead) async throws -> Admission? {
        do {
            return try await admission(head, on: surface, reply) { _ in }
        } catch  where (error as? any APIError)?.code == .unauthorized {
            return nil
        }
    }

    private func admission(
        _ head: RequestHead, on surface: Surface, _ reply: ReplyHead, check: (PresentedCredential) throws -> Void
    ) async throws -> Admission {
        do {
            guard let credential = try credentials.read(head.headers) else {
                throw Refusal.unauthorized("Sign in, or send an API key as 'Authorization: Bearer <key>'.")
            }
            try check(credential)
            let admission = try await resolver.resolve(credential)
            admission.rateLimit?.write(to: reply)
            return admission
        } catch {
            if case CredentialRefusal.rateLimited(let state) = error {
                state.write(to: reply)
            } else if surface == .skillSync, (error as? any APIError)?.code == .unauthorized {
                // Every answer of SkillSync carries them, those to strangers as on the smallest plan.
                RateLimitState.ofStrangers(at: resolver.now).write(to: reply)
            }
            throw error
        }
    }

    /// Notes the stream that answers an admitted request, so that it ends with the credential.
    ///
    /// - Throws: 401, 429 or 503.
    func openStream(for head: RequestHead, _ admission: Admission) async throws -> OpenStream {
        guard let credential = try credentials.read(head.headers), resolver.isTrusted else {
            throw CredentialRefusal.unavailable(retryAfter: .seconds(2))
        }
        let stream = try resolver.streams.open(admission.principal, CredentialKey(credential).digest)
        // What was revoked before the stream was noted has not ended it.
        if !resolver.knows(credential) { try await resolver.resolve(credential).release() }
        return stream
    }

    private func check(_ principal: Principal, _ rule: AccountRule) throws {
        guard rule.credentials.contains(principal.credential) else {
            throw Refusal.unauthorized(
                rule.credentials.contains(.apiKey)
                    ? "This endpoint takes an API key, not a session."
                    : "This endpoint takes a browser session, not a key.")
        }
        if let needed = rule.userType, needed != principal.userType {
            throw Refusal.forbidden(
                "Only \(needed.rawValue.withArticle) may do this; this account is \(principal.userType.rawValue.withArticle)."
            )
        }
        if rule.isForAdmins, !principal.isAdmin { throw Refusal.forbidden("Only an admin may do this.") }
        if let scope = rule.scope, let scopes = principal.scopes, !scopes.contains(scope) {
            throw Refusal(
                .forbidden, "The credential lacks the scope \(scope.rawValue).",
                suggestion: "Use a key that has the scope \(scope.rawValue): a session makes one with "
                    + "POST /v1/auth/api-keys.")
        }
    }
}

/// The caller that was let in.
struct Pass: Sendable {
    var principal: Principal?
    var peer: ServiceName?
    var admission: Admission?
}

extension RateLimitState {
    /// What somebody without a valid credential is told: the figures of the smallest plan, of which nothing was used.
    static func ofStrangers(at now: Timestamp) -> Self {
        Self(limit: 60, remaining: 60, resetsAt: now + .seconds(60), retryAfterSeconds: 60)
    }

    func write(to reply: ReplyHead) {
        reply.add([
            HTTPField(name: .rateLimit, value: String(limit)),
            HTTPField(name: .rateLimitRemaining, value: String(remaining)),
            HTTPField(name: .rateLimitReset, value: String(resetsAt.seconds)),
            HTTPField(name: .rateLimitRetryAfter, value: String(retryAfterSeconds)),
        ])
    }
}
