import ServiceKit
import SharedModels
import TestSupport

/// Answers each event with what it carried, and notes who is there.
struct EchoRoom: SocketApplication {
    let here = Shared<[String: SocketClient]>([:])
    let heard = Shared<[String]>([])

    func connected(_ client: SocketClient) async { here.change { $0[client.id] = client } }
    func left(_ client: SocketClient) async { here.change { $0[client.id] = nil } }

    func received(_ event: SocketEvent, from client: SocketClient) async -> [UInt8] {
        heard.change { $0.append(event.name) }
        let json = JSONValue.array(event.arguments).bytes
        client.emit("\(event.name) back", json: json)
        return json
    }
}
