import SharedModels
import Testing

/// The promise under test: all bytes are either read or refused, and Foundation's reader reads the same values.
@Suite struct JSONDamageTests {
    @Test(arguments: 0..<400 as Range<UInt64>)
    func `what was written is read the same, by Foundation too`(seed: UInt64) throws {
        var invention = Invention(seed: seed)
        let value = invention.value(depth: 6)
        let bytes = value.bytes
        let read = try JSONValue.parse(bytes)
        #expect(read == value)
        #expect(read.bytes == bytes)
        #expect(
            value.agrees(with: try FoundationReading.read(bytes)), "\(String(decoding: bytes, as: UTF8.self))"
        )
    }

    @Test(arguments: 0..<2000 as Range<UInt64>)
    func `a damaged document is refused, or means the same to both readers`(seed: UInt64) throws {
        var invention = Invention(seed: seed)
        var bytes = JSONValue.array([invention.value(), invention.value()]).bytes
        for _ in 0...invention.index(below: 3) { invention.damage(&bytes) }
        do {
            let value = try JSONValue.parse(bytes)
            #expect(try JSONValue.parse(value.bytes) == value)
            guard value.isFinite else { return }
            #expect(
                value.agrees(with: try FoundationReading.read(bytes)),
                "\(String(decoding: bytes, as: UTF8.self))")
        } catch let error as JSONSyntaxError {
            #expect((0...bytes.count).contains(error.offset))
            #expect(!error.message.isEmpty)
        }
    }
}

extension Invention {
    /// Changes, drops, repeats or inserts a byte.
    fileprivate mutating func damage(_ bytes: inout [UInt8]) {
        let liked = Array("{}[]\",:\\/0123456789.eE+-truefalsn u\u{1}\n".utf8) + [0x80, 0xC3, 0xED, 0xFF]
        let place = index(below: bytes.count)
        switch index(below: 4) {
        case 0: bytes[place] = liked[index(below: liked.count)]
        case 1 where bytes.count > 1: bytes.remove(at: place)
        case 2: bytes.insert(bytes[place], at: place)
        default: bytes.insert(liked[index(below: liked.count)], at: place)
        }
    }
}
