import SharedModels

/// A packet of Socket.IO, version 5 of its protocol, for the one namespace there is: `/`.
enum SocketPacket: Equatable {
    case connect(JSONValue)
    case disconnect
    case event(SocketEvent)
    /// An answer to an event of ours. We ask for none.
    case answer
    /// The packet is for a namespace that is not there.
    case elsewhere(isConnect: Bool, namespace: String)

    /// The longest name of an event or a namespace, in bytes.
    static let longestName = 64
    private static let digits = 15

    /// - Throws: ``Problem``.
    init(_ text: [UInt8]) throws(Problem) {
        guard let kind = text.first else { throw .unreadable }
        guard (UInt8(ascii: "0")...UInt8(ascii: "6")).contains(kind) else { throw .unreadable }
        guard kind < UInt8(ascii: "5") else { throw .binary }
        var rest = text.dropFirst()
        var namespace: ArraySlice<UInt8>?
        if rest.first == UInt8(ascii: "/") {
            let name = rest.prefix { $0 != UInt8(ascii: ",") }
            guard name.count <= Self.longestName else { throw .unreadable }
            rest = rest[name.endIndex...].dropFirst()
            let path = name.prefix { $0 != UInt8(ascii: "?") }
            if !path.elementsEqual("/".utf8) { namespace = path }
        }
        if let namespace {
            self = .elsewhere(
                isConnect: kind == UInt8(ascii: "0"), namespace: String(decoding: namespace, as: UTF8.self))
            return
        }
        let number = rest.prefix(while: \.isASCIIDigit)
        guard number.count <= Self.digits else { throw .unreadable }
        rest = rest[number.endIndex...]
        switch kind {
        case UInt8(ascii: "0"): self = .connect(rest.isEmpty ? .null : try Self.json(rest))
        case UInt8(ascii: "1"): self = .disconnect
        case UInt8(ascii: "2"): self = .event(try Self.event(try Self.json(rest), number))
        case UInt8(ascii: "3"): self = .answer
        // Only servers refuse.
        default: throw .unreadable
        }
    }

    private static func json(_ text: ArraySlice<UInt8>) throws(Problem) -> JSONValue {
        do {
            return try JSONValue.parse(Array(text))
        } catch {
            throw .unreadable
        }
    }

    private static func event(_ value: JSONValue, _ number: ArraySlice<UInt8>) throws(Problem) -> SocketEvent {
        guard let parts = value.array, let name = parts.first?.string, (1...longestName).contains(name.utf8.count)
        else {
            throw .unreadable
        }
        let id = number.isEmpty ? nil : String(decoding: number, as: UTF8.self)
        return SocketEvent(name: name, arguments: Array(parts.dropFirst()), answerID: id)
    }

    enum Problem: String, Error {
        case binary = "Binary data is not taken."
        case unreadable = "This is not a packet of Socket.IO 5."
    }
}

extension SocketPacket {
    /// `0{"sid":"…"}`
    static func connected(_ id: String) -> [UInt8] { Array("0".utf8) + (["sid": .string(id)] as JSONValue).bytes }
    static let disconnected = Array("1".utf8)

    static func event(_ name: String, json: [UInt8]) -> [UInt8] {
        Array("2[".utf8) + JSONValue.string(name).bytes + Array(",".utf8) + json + Array("]".utf8)
    }

    static func answer(_ id: String, json: [UInt8]) -> [UInt8] { Array("3\(id)[".utf8) + json + Array("]".utf8) }

    static func refused(_ message: String, code: String? = nil, status: Int? = nil, namespace: String? = nil) -> [UInt8]
    {
        var members = [JSONMember("message", .string(message))]
        if let code, let status {
            members.append(JSONMember("data", ["code": .string(code), "status": .integer(Int64(status))]))
        }
        return Array("4\(namespace.map { "\($0)," } ?? "")".utf8) + JSONValue.object(members).bytes
    }
}

/// What a client has sent.
package struct SocketEvent: Sendable, Equatable {
    package let name: String
    package let arguments: [JSONValue]
    /// Set when the client wants an answer.
    let answerID: String?
}
