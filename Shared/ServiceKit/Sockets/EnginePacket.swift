import SharedModels

/// A packet of Engine.IO, version 4, as text: a digit for its kind, and what it carries.
enum EnginePacket: Equatable {
    case close
    case ping([UInt8])
    case pong
    case message([UInt8])
    case upgrade

    /// Between the packets of one body.
    static let separator: UInt8 = 0x1E
    static let noop = Array("6".utf8)
    static let goodbye = Array("1".utf8)
    static let beat = Array("2".utf8)
    static let probe = Array("probe".utf8)
    static let probed = Array("3probe".utf8)

    /// What a client may send. The server alone opens, and sends noops.
    ///
    /// - Throws: ``Problem``.
    init(_ text: ArraySlice<UInt8>) throws(Problem) {
        let content = Array(text.dropFirst())
        switch text.first {
        case UInt8(ascii: "1"): self = .close
        case UInt8(ascii: "2"): self = .ping(content)
        case UInt8(ascii: "3"): self = .pong
        case UInt8(ascii: "4"): self = .message(content)
        case UInt8(ascii: "5"): self = .upgrade
        // Base 64 of a binary message.
        case UInt8(ascii: "b"): throw .binary
        default: throw .unknown
        }
    }

    enum Problem: String, Error {
        case binary = "Binary data is not taken."
        case unknown = "This is not a packet of Engine.IO 4."
    }

    static func message(_ packet: [UInt8]) -> [UInt8] { [UInt8(ascii: "4")] + packet }
}
