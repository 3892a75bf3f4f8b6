/// A value that must not be shown. It prints as `***` and is compared in constant time.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    /// The text itself, for the one place that needs it.
    package func reveal() -> String { value }

    package var bytes: [UInt8] { Array(value.utf8) }
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Equatable {
    package static func == (left: Self, right: Self) -> Bool {
        constantTimeEqual(left.value.utf8, right.value.utf8)
    }
}

/// Whether two byte sequences are equal. The time depends only on their lengths.
package func constantTimeEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}
