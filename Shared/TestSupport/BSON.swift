import SharedModels

/// Writes BSON as MongoDB does, from its extended JSON.
package enum BSON {
    /// A document: its length, its members, a zero.
    package static func document(_ value: JSONValue) -> [UInt8] {
        enclosed((value.object ?? []).map { member($0.name, $0.value) })
    }

    /// What is between a document's length and its end, with these around it.
    package static func enclosed(_ members: [[UInt8]]) -> [UInt8] {
        let content = members.flatMap(\.self)
        return little(UInt32(content.count + 5)) + content + [0]
    }

    /// The type, the name and the value.
    package static func member(_ name: String, _ value: JSONValue) -> [UInt8] {
        func typed(_ type: UInt8, _ bytes: [UInt8]) -> [UInt8] { [type] + Array(name.utf8) + [0] + bytes }
        switch value {
        case .null: return typed(0x0A, [])
        case .bool(let flag): return typed(0x08, [flag ? 1 : 0])
        case .integer(let number):
            guard let small = Int32(exactly: number) else { return typed(0x12, little(UInt64(bitPattern: number))) }
            return typed(0x10, little(UInt32(bitPattern: small)))
        case .decimal(let text): return typed(0x01, little((Double(text) ?? 0).bitPattern))
        case .string(let text): return typed(0x02, string(text))
        case .array(let elements):
            return typed(0x04, enclosed(elements.enumerated().map { member("\($0.offset)", $0.element) }))
        case .object(let members):
            guard let first = members.first, members.count == 1 else { return typed(0x03, document(value)) }
            switch first.name {
            case "$oid": return typed(0x07, Hexadecimal.decode(first.value.string ?? "") ?? [])
            case "$date": return typed(0x09, little(UInt64(bitPattern: milliseconds(of: first.value))))
            case "$numberInt": return member(name, .integer(first.value.string.flatMap { Int64($0) } ?? 0))
            case "$numberDouble": return member(name, .decimal(first.value.string ?? "0"))
            default: return typed(0x03, document(value))
            }
        }
    }

    package static func string(_ text: String) -> [UInt8] {
        little(UInt32(text.utf8.count + 1)) + Array(text.utf8) + [0]
    }

    package static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<MemoryLayout<Number>.size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func milliseconds(of date: JSONValue) -> Int64 {
        if let text = date["$numberLong"]?.string { return Int64(text) ?? 0 }
        return (date.string.flatMap { Timestamp($0) }?.microseconds ?? 0) / 1000
    }
}
