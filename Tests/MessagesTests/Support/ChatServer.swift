import Logging
import OutboundHTTP
import Postgres
import ServiceLifecycle
import SharedModels
import TestSupport

@testable import MessagesService
@testable import ServiceKit

/// The chat of a world behind its own listener, for clients that speak Socket.IO. A token is `token-` and the
/// account's id.
struct ChatServer: Sendable {
    let port: Int

    static func use(_ world: World, _ body: @escaping @Sendable (ChatServer) async throws -> Void) async throws {
        let secret = String(repeating: "s", count: 40)
        let settings = try CommonSettings(
            SettingsReader(
                .messages,
                [
                    "DATABASE_URL": "postgresql://unused", "SERVICE_SECRET": secret,
                    "CLIENT_URL": "https://app.example", "PUBLIC_URL": "https://api.example",
                ]))
        let http = OutboundHTTP(logger: .quiet)
        let tokens = ServiceTokens(secret: RotatingSecret(Secret(secret)), issuer: .messages)
        let kit = Kit(
            settings: settings, database: world.database, clock: world.clock, http: http,
            peers: Peers(addresses: settings.peers, tokens: tokens, http: http),
            outbox: Outbox(database: world.database, clock: world.clock), events: world.events,
            scheduler: world.scheduler, deadLetters: DeadLetters(database: world.database, clock: world.clock),
            routes: Routes(), rawRoutes: RawRoutes(), metrics: MetricsRegistry(), logger: .quiet)
        kit.sockets.serve(world.features.chat, at: SocketPath.chat.path)
        let resolver = CredentialResolver(ask: { resolution(of: $0, world) }, clock: world.clock, logger: .quiet)
        resolver.trust(true)
        let listening = Shared(0)
        let listener = try HTTPServer.listener(
            kit, Pipeline(kit, resolver: resolver, tokens: tokens), Readiness(database: world.database, feed: nil),
            declared: [], port: 0, onListening: { port in listening.change { $0 = port } })
        let group = Microservice.group([http] + kit.extras.all + [listener], endingWith: [], logger: .quiet)
        let running = Task { try await group.run() }
        try await eventually("the service listens") { listening.value != 0 }
        let result: Result<Void, any Error>
        do { result = .success(try await body(ChatServer(port: listening.value))) } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        try await running.value
        try result.get()
    }

    private static func resolution(of input: CredentialInput, _ world: World) -> CredentialResolution {
        guard input.secret.hasPrefix("token-"), let account = AccountID(input.secret.dropFirst(6)) else {
            return CredentialResolution(refusal: "The credential is not known.")
        }
        return CredentialResolution(
            principal: Principal(
                accountID: account, userType: account == world.ada ? .client : .freelancer, isAdmin: false,
                plan: .custom, credential: .accessToken),
            grant: Grant(
                requests: 0, expiresAt: world.clock.now + .seconds(60), limit: 60, remaining: 60,
                resetsAt: world.clock.now + .seconds(60), concurrent: 5, retryAfterSeconds: 0))
    }
}
