import SharedModels

/// What a service does with the clients of its sockets.
package protocol SocketApplication: Sendable {
    /// A client has said who it is, and was told so.
    func connected(_ client: SocketClient) async
    /// A client's event. Those of one client come one after another.
    ///
    /// - Returns: What answers the event, as JSON, for a client that asked for an answer.
    func received(_ event: SocketEvent, from client: SocketClient) async -> [UInt8]
    /// A client that was connected is gone. It can come twice, and while an event of the client is worked for.
    func left(_ client: SocketClient) async
}

/// An account's socket, from its connection to its end.
package final class SocketClient: Sendable {
    package let id: String
    package let principal: Principal
    private let credential: PresentedCredential
    private let session: EngineSession
    private let resolver: CredentialResolver

    init(
        _ id: String, _ principal: Principal, _ credential: PresentedCredential, _ session: EngineSession,
        _ resolver: CredentialResolver
    ) {
        (self.id, self.principal, self.credential) = (id, principal, credential)
        (self.session, self.resolver) = (session, resolver)
    }

    package var accountID: AccountID { principal.accountID }
    package var isOpen: Bool { session.isOpen }

    /// Sends an event with one argument, as JSON.
    package func emit(_ event: String, json: [UInt8]) {
        session.send(EnginePacket.message(SocketPacket.event(event, json: json)))
    }

    /// Takes one request of the account's plan for an event, if its credential is metered.
    ///
    /// - Throws: ``CredentialRefusal``.
    package func charge() async throws {
        guard principal.credential.isMetered else { return }
        try await resolver.resolve(credential).release()
    }

}

extension SocketClient: HeldOpen {
    /// Nothing: Engine.IO has its own pings.
    package func beat() {}

    /// Ends the socket a moment later, and tells the client.
    package func end() {
        Task { [session] in
            session.send(EnginePacket.message(SocketPacket.disconnected))
            session.close(.refused)
        }
    }
}

/// Clients that connect, and the application behind them.
struct SocketPlace: Sendable {
    let application: any SocketApplication
    let resolver: CredentialResolver
    let clock: any DomainClock
    let engine: EngineServer

    /// Who shows this credential, with the entry that ends the socket with it.
    ///
    /// - Throws: 401, 403, 429 or 503.
    func admit(_ credential: PresentedCredential) async throws -> (Principal, OpenStream) {
        let admission = try await resolver.resolve(credential)
        defer { admission.release() }
        let principal = admission.principal
        if let scopes = principal.scopes {
            for needed in [Scope.messagesRead, .messagesWrite] where !scopes.contains(needed) {
                throw Refusal.forbidden("The credential lacks the scope \(needed.rawValue).")
            }
        }
        guard resolver.isTrusted else { throw CredentialRefusal.unavailable(retryAfter: .seconds(2)) }
        let stream = try resolver.streams.open(
            principal, CredentialKey(credential).digest, as: .socket(atMost: engine.limits.perAccount))
        // What was revoked before it was noted has not ended it.
        if !resolver.knows(credential) { try await resolver.resolve(credential).release() }
        return (principal, stream)
    }
}
