/// Protocol text is compared as bytes, because a `Character` can hide a combining mark behind a delimiter.
extension UInt8 {
    @inlinable
    package var isASCIIDigit: Bool { (0x30...0x39).contains(self) }

    @inlinable
    package var isASCIILowercase: Bool { (0x61...0x7A).contains(self) }

    @inlinable
    package var isASCIIUppercase: Bool { (0x41...0x5A).contains(self) }

    @inlinable
    package var isASCIILetter: Bool { isASCIILowercase || isASCIIUppercase }

    @inlinable
    package var isASCIIAlphanumeric: Bool { isASCIILetter || isASCIIDigit }

    /// Neither a space nor a control character.
    @inlinable
    package var isVisibleASCII: Bool { (0x21...0x7E).contains(self) }

    /// A space or a tab, which HTTP skips around values (RFC 9110, section 5.6.3).
    @inlinable
    package var isBlank: Bool { self == 0x20 || self == 0x09 }

    /// The small letter of a capital; every other byte stays as it is.
    @inlinable
    package var asciiLowercased: UInt8 { isASCIIUppercase ? self | 0x20 : self }
}

extension Sequence<UInt8> {
    /// Whether the bytes are `text` when case is ignored.
    package func equalsIgnoringCase(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { other in
            elementsEqual(other) { $0.asciiLowercased == $1.asciiLowercased }
        }
    }
}

extension BidirectionalCollection<UInt8> where SubSequence: BidirectionalCollection {
    /// Without the blanks at both ends.
    package var trimmingBlanks: SubSequence {
        let rest = drop(while: \.isBlank)
        guard let last = rest.lastIndex(where: { !$0.isBlank }) else { return rest }
        return rest[...last]
    }
}
