/// A `text`. U+0000 is refused before anything is sent, since PostgreSQL cannot store it.
extension String: PostgresValue {
    package static var postgresType: PostgresType { .text }
    package static var postgresArrayType: PostgresType { .textArray }

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        let start = bytes.count
        bytes.append(contentsOf: utf8)
        if bytes[start...].contains(0) { throw .invalidText }
    }

    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        guard type.isTextual else { throw .type(type, expected: "text") }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A `jsonb`, as the UTF-8 bytes of its JSON text. PostgreSQL returns the keys in its own order.
package struct JSONB: Sendable, Hashable {
    package var bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}

extension JSONB: PostgresValue {
    package static var postgresType: PostgresType { .jsonb }
    package static var postgresArrayType: PostgresType { .jsonbArray }

    /// `jsonb_recv`: the version of the format, always 1, and the text.
    private static let version: UInt8 = 1

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(Self.version)
        bytes.append(contentsOf: self.bytes)
    }

    /// Columns may be `json` too.
    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        switch type {
        case .jsonb:
            guard bytes.first == version else { throw Mismatch(reason: "is jsonb of an unknown version") }
            return Self(bytes: Array(bytes.dropFirst()))
        case .json: return Self(bytes: Array(bytes))
        default: throw .type(type, expected: "jsonb or json")
        }
    }
}
