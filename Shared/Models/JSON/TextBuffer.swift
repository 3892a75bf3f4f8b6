#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// UTF-8 text under construction, in memory with a single owner. An array would check at every byte whether it is
/// shared.
struct TextBuffer: ~Copyable, @unchecked Sendable {
    // Unchecked: the memory has one owner, as the buffer cannot be copied.
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Whether the buffer owns the memory or borrows it.
    private(set) var isOwner: Bool
    private(set) var count = 0
    /// The day that was written last, and where: most days in a list are the same.
    private var latestDay: (day: CalendarDay, place: Int)?

    init(capacity: Int) {
        self.capacity = max(capacity, 16)
        base = .allocate(capacity: self.capacity)
        isOwner = true
    }

    /// Begins in borrowed memory, and moves to its own memory when that is full.
    init(in memory: UnsafeMutableBufferPointer<UInt8>) {
        capacity = memory.count
        base = memory.baseAddress ?? .allocate(capacity: 0)
        isOwner = memory.baseAddress == nil
    }

    deinit {
        if isOwner { base.deallocate() }
    }

    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        body(UnsafeBufferPointer(start: base, count: count))
    }
    var string: String { String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self) }

    @inline(__always)
    mutating func append(byte: UInt8) {
        reserve(1)
        base[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ character: Unicode.Scalar) {
        append(byte: UInt8(truncatingIfNeeded: character.value))
    }

    @inline(__always)
    mutating func append(literal text: StaticString) {
        reserve(text.utf8CodeUnitCount)
        (base + count).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        count += text.utf8CodeUnitCount
    }

    /// `"<name>":`, after a comma unless it is the object's first member.
    mutating func append(key name: StaticString, isFirst: Bool) {
        let length = name.utf8CodeUnitCount
        reserve(length + 4)
        var place = base + count
        if !isFirst {
            place.pointee = UInt8(ascii: ",")
            place += 1
        }
        place.pointee = UInt8(ascii: "\"")
        (place + 1).update(from: name.utf8Start, count: length)
        place[length + 1] = UInt8(ascii: "\"")
        place[length + 2] = UInt8(ascii: ":")
        count = place - base + length + 3
    }

    mutating func append(_ uuid: UUID) {
        reserve(36)
        var place = base + count
        Self.withDigits(of: uuid) { digits in
            place.update(from: digits, count: 8)
            place += 8
            for group in 2..<5 {
                place.pointee = UInt8(ascii: "-")
                (place + 1).update(from: digits + 4 * group, count: 4)
                place += 5
            }
            place.pointee = UInt8(ascii: "-")
            (place + 1).update(from: digits + 20, count: 12)
        }
        count += 36
    }

    /// 32 hexadecimal digits, without dashes.
    mutating func append(undashed uuid: UUID) {
        reserve(32)
        let place = base + count
        Self.withDigits(of: uuid) { place.update(from: $0, count: 32) }
        count += 32
    }

    @inline(__always)
    private static func withDigits(of uuid: UUID, _ body: (UnsafePointer<UInt8>) -> Void) {
        let digits = withUnsafeBytes(of: uuid.uuid) { bytes in
            func quarter(_ index: Int) -> UInt64 {
                hexadecimal(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
            }
            return (quarter(0), quarter(1), quarter(2), quarter(3))
        }
        withUnsafeBytes(of: digits) { $0.withMemoryRebound(to: UInt8.self) { body($0.baseAddress.unsafelyUnwrapped) } }
    }

    /// Converts eight digits at once, the first into the first byte of memory. The number's halves, then bytes, then
    /// half bytes are moved apart until each half byte has a byte to itself.
    @inline(__always)
    private static func hexadecimal(_ number: UInt32) -> UInt64 {
        var spread = UInt64(number)
        spread = (spread << 16 | spread) & 0x0000_FFFF_0000_FFFF
        spread = (spread << 8 | spread) & 0x00FF_00FF_00FF_00FF
        spread = (spread << 4 | spread) & 0x0F0F_0F0F_0F0F_0F0F
        let ones: UInt64 = 0x0101_0101_0101_0101
        let isLetter = (spread + ones * 6) >> 4 & ones
        return (spread + ones * 0x30 + isLetter * 0x27).bigEndian
    }

    mutating func append(_ moment: Timestamp) {
        let day = moment.day
        let secondOfDay = moment.seconds - Int64(day.daysSince1970) * 86_400
        let fraction = moment.microseconds - moment.seconds * 1_000_000
        append(day)
        append("T")
        append(pair: secondOfDay / 3600)
        append(":")
        append(pair: secondOfDay / 60 % 60)
        append(":")
        append(pair: secondOfDay % 60)
        if fraction != 0 {
            append(".")
            append(pair: fraction / 10_000)
            append(pair: fraction / 100 % 100)
            append(pair: fraction % 100)
        }
        append("Z")
    }

    mutating func append(_ day: CalendarDay) {
        reserve(10)
        if let latestDay, latestDay.day == day {
            (base + count).update(from: base + latestDay.place, count: 10)
            count += 10
            return
        }
        latestDay = (day, count)
        let civil = day.civil
        append(pair: Int64(civil.year / 100 % 100))
        append(pair: Int64(civil.year % 100))
        append("-")
        append(pair: Int64(civil.month))
        append("-")
        append(pair: Int64(civil.day))
    }

    mutating func append(decimal number: Int64) {
        reserve(20)
        if number < 0 { append("-") }
        var rest = number.magnitude
        var length = 1
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        rest = number.magnitude
        for place in stride(from: count + length - 1, through: count, by: -1) {
            base[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        count += length
    }

    /// Two decimal digits of a number from 0 to 99.
    @inline(__always)
    private mutating func append(pair number: Int64) {
        reserve(2)
        base[count] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / 10)
        base[count + 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10)
        count += 2
    }

    /// A JSON string (RFC 8259, section 7).
    mutating func append(quoted text: UnsafeRawBufferPointer) {
        reserve(text.count + 2)
        append("\"")
        var start = 0
        var index = 0
        while index < text.count {
            if index + 8 <= text.count, !Self.needsEscape(text.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
                index += 8
                continue
            }
            let byte = text[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                append(UnsafeRawBufferPointer(rebasing: text[start..<index]))
                append(escaped: byte)
                start = index + 1
            }
            index += 1
        }
        append(UnsafeRawBufferPointer(rebasing: text[start...]))
        append("\"")
    }

    /// Whether one of eight bytes is a control character, a quotation mark or a backslash.
    ///
    /// Each test leaves the highest bit set in the bytes it finds ("Bit Twiddling Hacks", *Determine if a word has a
    /// byte less than n*): exact for bytes up to 0x7F, and the highest bit of others is masked out.
    @inline(__always)
    private static func needsEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotation = word ^ ones &* 0x22
        let backslash = word ^ ones &* 0x5C
        let found =
            (word &- ones &* 0x20) & ~word
            | (quotation &- ones) & ~quotation
            | (backslash &- ones) & ~backslash
        return found & (ones &* 0x80) != 0
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append(literal: "\\\"")
        case UInt8(ascii: "\\"): append(literal: "\\\\")
        case 0x08: append(literal: "\\b")
        case 0x09: append(literal: "\\t")
        case 0x0A: append(literal: "\\n")
        case 0x0C: append(literal: "\\f")
        case 0x0D: append(literal: "\\r")
        default:
            append(literal: "\\u00")
            append(byte: Self.hexadecimal(byte >> 4))
            append(byte: Self.hexadecimal(byte & 15))
        }
    }

    private mutating func append(_ more: UnsafeRawBufferPointer) {
        guard let source = more.baseAddress, more.count > 0 else { return }
        reserve(more.count)
        UnsafeMutableRawPointer(base + count).copyMemory(from: source, byteCount: more.count)
        count += more.count
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if _slowPath(count + more > capacity) { grow(to: count + more) }
    }

    private mutating func grow(to minimum: Int) {
        capacity = max(minimum, 2 * capacity)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        if isOwner { base.deallocate() }
        base = larger
        isOwner = true
    }

    @inline(__always)
    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
