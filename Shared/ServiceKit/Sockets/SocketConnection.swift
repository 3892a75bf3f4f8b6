import SharedModels
import Synchronization

/// Socket.IO, version 5 of its protocol, on one session of Engine.IO: the client says who it is, then sends events.
final class SocketConnection: Sendable {
    private enum Phase {
        case stranger
        case connecting
        case connected(SocketClient, OpenStream)
        case over
    }

    private let session: EngineSession
    private let place: SocketPlace
    /// What the handshake's `Authorization` said.
    private let shown: PresentedCredential?
    private let phase = Mutex(Phase.stranger)
    private let pace: Mutex<SocketPace>

    init(_ session: EngineSession, _ place: SocketPlace, showing shown: PresentedCredential?) {
        (self.session, self.place, self.shown) = (session, place, shown)
        pace = Mutex(SocketPace(place.engine.limits))
    }

    /// Works for one packet. The next one comes when this returns.
    func receive(_ text: [UInt8]) async {
        let wait = pace.withLock { $0.wait() }
        // A cancelled wait needs no handling: the packet is worked for a little earlier.
        if wait > .zero { try? await Task.sleep(for: wait) }
        do {
            switch try SocketPacket(text) {
            case .connect(let auth): await connect(auth)
            case .disconnect: session.close()
            case .event(let event): await take(event)
            case .answer: break
            case .elsewhere(let isConnect, let namespace):
                guard isConnect else { return session.close(.refused) }
                send(SocketPacket.refused("Invalid namespace", namespace: namespace))
            }
        } catch {
            session.close(WebSocketEnd(error == .binary ? 1003 : 1008, error.rawValue))
        }
    }

    private func connect(_ auth: JSONValue) async {
        let isFirst = phase.withLock { phase in
            guard case .stranger = phase else { return false }
            phase = .connecting
            return true
        }
        guard isFirst else { return session.close(.refused) }
        do {
            let credential = try credential(in: auth)
            let (principal, stream) = try await place.admit(credential)
            let client = SocketClient(EngineServer.name(), principal, credential, session, place.resolver)
            guard come(in: client, stream) else { return stream.close() }
            place.engine.isKnown(session)
            send(SocketPacket.connected(client.id))
            await place.application.connected(client)
            if !session.isOpen { await place.application.left(client) }
            // Only now, as what ends the socket is told after what begins it.
            do { try stream.begin(on: client) } catch { client.end() }
        } catch {
            phase.withLock { if case .connecting = $0 { $0 = .stranger } }
            let (refusal, _) = ErrorMapping.refusal(for: error)
            let status = ErrorMapping.status(of: refusal, for: error, on: .skillhouse)
            send(SocketPacket.refused(refusal.publicMessage, code: refusal.code.rawValue, status: status))
        }
    }

    private func come(in client: SocketClient, _ stream: OpenStream) -> Bool {
        phase.withLock { phase in
            guard case .connecting = phase else { return false }
            phase = .connected(client, stream)
            return true
        }
    }

    /// `{"token": …}`, or what the handshake showed.
    private func credential(in auth: JSONValue) throws -> PresentedCredential {
        guard let token = auth["token"] else {
            guard let shown else {
                throw Refusal.unauthorized("Connect with {\"token\": \"<access token>\"}, or an Authorization header.")
            }
            return shown
        }
        guard let text = token.string else { throw Refusal.unauthorized("token must be a text.") }
        // The web client keeps it as the header has it.
        return try PresentedCredential(token: Authorization.bearer(text) ?? text)
    }

    private func take(_ event: SocketEvent) async {
        guard case .connected(let client, _) = phase.withLock({ $0 }) else { return session.close(.refused) }
        let trace = RequestTrace(accepting: nil, traceparent: nil, on: .skillhouse, at: place.clock.now)
        let answer = await RequestTrace.$current.withValue(trace) {
            await place.application.received(event, from: client)
        }
        if let id = event.answerID { send(SocketPacket.answer(id, json: answer)) }
    }

    private func send(_ packet: [UInt8]) { session.send(EnginePacket.message(packet)) }

    /// The session is over.
    func ended() {
        let phase = phase.withLock { phase in
            defer { phase = .over }
            return phase
        }
        guard case .connected(let client, let stream) = phase else { return }
        stream.close()
        let place = place
        Task(executorPreference: place.engine.execution) { await place.application.left(client) }
    }
}
