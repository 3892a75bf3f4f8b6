/// How the members of our types are named in JSON.
///
/// One rule turns a Swift member's name into both styles. A word begins at a capital letter. An acronym and its plural
/// are one word: `userIDs` is `user_ids` and `userIds`. A name that contains `_` is used unchanged.
public enum KeyStyle: Sendable, CaseIterable {
    case snakeCase, camelCase

    /// The JSON name of the Swift member `member`.
    public func name(of member: String) -> String {
        var isWritten = true
        for byte in member.utf8 {
            if byte.isUnderscore { return member }
            if byte.isCapital { isWritten = false }
        }
        if isWritten { return member }
        var member = member
        return member.withUTF8 { bytes in
            String(unsafeUninitializedCapacity: 2 * bytes.count) { name in
                var count = 0
                for (index, byte) in bytes.enumerated() {
                    let isFirst = byte.isCapital && Self.isWordStart(index, in: bytes)
                    if isFirst, self == .snakeCase {
                        name[count] = UInt8(ascii: "_")
                        count += 1
                    }
                    name[count] = byte.isCapital && !(isFirst && self == .camelCase) ? byte | 0x20 : byte
                    count += 1
                }
                return count
            }
        }
    }

    /// Whether the capital at `index` begins a word. It does after a small letter, and as the last of a run of capitals
    /// before a small letter, except before the `s` of a plural: the `N` of `gitHubIDNumber` does, the `D` of `userIDs`
    /// does not.
    private static func isWordStart(_ index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard index > 0 else { return false }
        guard bytes[index - 1].isCapital else { return true }
        guard index + 1 < bytes.count, bytes[index + 1].isSmall else { return false }
        let isPlural =
            bytes[index + 1] == UInt8(ascii: "s") && (index + 2 == bytes.count || bytes[index + 2].isCapital)
        return !isPlural
    }
}

extension UInt8 {
    fileprivate var isUnderscore: Bool { self == UInt8(ascii: "_") }
    fileprivate var isCapital: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    fileprivate var isSmall: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
}

/// A type that names its members itself and ignores the style.
protocol KeepsNames {}

extension Dictionary: KeepsNames where Key == String {}
