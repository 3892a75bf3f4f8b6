/// The number that people read of a contract of Skillhouse: `CON` and 8 digits.
package enum ContractNumber {
    package static func make() -> String { "CON\(Int.random(in: 10_000_000...99_999_999))" }

    package static func isValid(_ text: String) -> Bool {
        text.hasPrefix("CON") && text.utf8.count == 11 && text.utf8.dropFirst(3).allSatisfy(\.isASCIIDigit)
    }
}
