import Crypto
import Foundation
import HTTPTypes
import SharedModels

/// A request to speak WebSocket on its connection (RFC 6455, section 4.2), checked.
struct WebSocketHandshake: Sendable {
    /// What `Sec-WebSocket-Accept` is made with.
    private static let magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    static let version = "13"

    /// The headers of the answer that accepts it.
    let headers: HTTPFields

    /// - Throws: When the request is not exactly one to speak WebSocket.
    init(_ request: IncomingRequest) throws(Problem) {
        guard request.isUpgradable, let protocols = request.headers.only(.upgrade),
            protocols.utf8.elementsEqual("websocket".utf8, by: { $0.asciiLowercased == $1 }),
            request.headers.names(.connection, "upgrade")
        else { throw .notAsked }
        guard request.headers.only(.secWebSocketVersion)?.isSpelled(Self.version) == true else { throw .badVersion }
        // Clients may set the unused bits of the last digit, which ``Base64`` refuses.
        guard let key = request.headers.only(.secWebSocketKey), key.utf8.count == 24,
            Data(base64Encoded: key)?.count == 16
        else { throw .badKey }
        let digest = Insecure.SHA1.hash(data: Array((key + Self.magic).utf8))
        headers = [.upgrade: "websocket", .secWebSocketAccept: Base64.encode(digest)]
    }

    /// Why a request is not one to speak WebSocket.
    enum Problem: String, Error {
        case notAsked =
            "To speak WebSocket, send a GET without a body and with Upgrade: websocket, Connection: Upgrade."
        case badVersion = "The only version of WebSocket that is spoken is 13."
        case badKey = "Sec-WebSocket-Key must be there once, as 16 bytes in base 64."

        var status: Int { self == .badKey ? 400 : 426 }
    }
}

extension HTTPFields {
    /// The value of a header that is there once.
    fileprivate func only(_ name: HTTPField.Name) -> String? {
        let values = self[values: name]
        return values.count == 1 ? values[0] : nil
    }

    /// Whether a header that lists tokens has this one, whatever its case.
    fileprivate func names(_ name: HTTPField.Name, _ token: StaticString) -> Bool {
        self[values: name].contains { value in
            value.utf8.split(separator: UInt8(ascii: ",")).contains { $0.trimmingBlanks.equalsIgnoringCase(token) }
        }
    }
}
