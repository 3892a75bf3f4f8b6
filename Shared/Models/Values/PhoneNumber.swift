/// A telephone number as somebody writes it: ASCII digits, spaces and `+()-`.
package enum PhoneNumber {
    package static func isValid(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0.isASCIIDigit || " +()-".utf8.contains($0) }
    }
}
