// Swift compares, hashes and searches a `String` by canonical equivalence. With thousands of combining marks in a row that
// takes the square of their number, and two texts with different bytes can be equal. So what a caller sends is compared
// byte by byte.

extension StringProtocol {
    /// Whether both texts have the same bytes.
    @inlinable
    public func isSpelled(_ other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}

/// A text as a key: equal to another when it has the same bytes.
struct Spelling: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: Self, right: Self) -> Bool { left.text.isSpelled(right.text) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    /// The beginning of a caller's text, short enough for a message about it.
    package var excerpt: String { String(UnicodeScalarView(unicodeScalars.prefix(64))) }
}
