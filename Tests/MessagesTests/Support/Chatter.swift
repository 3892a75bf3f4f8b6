import Postgres
import SharedModels
import Synchronization
import TestSupport
import Testing

@testable import MessagesService
@testable import ServiceKit

/// Somebody at a socket of the chat, without the network: says events, and hears what comes.
final class Chatter: Sendable {
    let account: AccountID
    let client: SocketClient
    private let chat: ChatApplication
    private let session: EngineSession
    private let unheard = Mutex<[JSONValue]>([])

    /// - Parameter chat: The replica that the socket is at.
    init(_ account: AccountID, _ type: UserType = .client, plan: Plan = .custom, at chat: ChatApplication) async throws
    {
        self.account = account
        self.chat = chat
        session = try #require(Self.engine.make())
        let principal = Principal(
            accountID: account, userType: type, isAdmin: false, plan: plan, credential: .accessToken)
        let resolver = CredentialResolver(
            ask: { _ in CredentialResolution(refusal: "nobody") }, clock: TestClock(), logger: .quiet)
        client = SocketClient(
            session.id, principal, PresentedCredential(source: .token, secret: "x"), session, resolver)
        await chat.connected(client)
    }

    private static let engine = EngineServer()

    /// - Returns: The answer.
    @discardableResult
    func say(_ event: String, _ arguments: JSONValue...) async throws -> JSONValue {
        try JSONValue.parse(
            await chat.received(SocketEvent(name: event, arguments: arguments, answerID: nil), from: client))
    }

    /// What comes next of this name. Others before it are kept.
    func hear(_ event: String) async throws -> JSONValue {
        while true {
            let found = unheard.withLock { unheard -> JSONValue? in
                guard let index = unheard.firstIndex(where: { $0.array?.first?.string == event }) else { return nil }
                return unheard.remove(at: index).array?.last
            }
            if let found { return found }
            guard case .packets(let packets) = await session.poll() else { throw Gone() }
            for packet in packets where packet.starts(with: Array("42".utf8)) {
                let said = try JSONValue.parse(Array(packet.dropFirst(2)))
                unheard.withLock { $0.append(said) }
            }
            if packets.contains([UInt8(ascii: "1")]) { throw Gone() }
        }
    }

    /// What was heard so far, by name.
    var names: [String] { unheard.withLock { $0.compactMap { $0.array?.first?.string } } }

    func leave() async {
        session.close()
        await chat.left(client)
    }

    struct Gone: Error {}
}

extension World {
    /// Runs `body` while the chat listens, with Ada as a client and Ben as a freelancer at their sockets.
    static func chat(_ body: @escaping @Sendable (World, Chatter, Chatter) async throws -> Void) async throws {
        try await use { world in
            // Those who are there when the feed begins to listen are sent away.
            let probe = try await Chatter(.make(at: world.clock.now), at: world.features.chat)
            let running = [
                Task { await world.features.chatFeed.run() }, Task { await world.features.presence.run() },
            ]
            defer { for task in running { task.cancel() } }
            try await eventually("the feed listens") { !probe.client.isOpen }
            try await body(
                world, try await Chatter(world.ada, at: world.features.chat),
                try await Chatter(world.ben, .freelancer, at: world.features.chat))
        }
    }
}
