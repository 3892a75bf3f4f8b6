import CCrypt
import Foundation
import ServiceKit
import SharedModels

/// A password's hash that came with an import: bcrypt in its usual text, `$2b$10$` and 53 characters. We make none.
struct BcryptHash: Sendable, Equatable {
    /// Bcrypt takes no more, and programs that make such hashes leave out the rest.
    private static let longest = 72

    /// A hash that no password is known for, of the original's cost.
    static let decoy = BcryptHash(text: "$2b$10$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")

    let text: String

    private init(text: String) {
        self.text = text
    }

    /// - Returns: `nil` for any other form, and for a cost that would keep a processor busy for more than some seconds.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 60, ["$2a$", "$2b$", "$2y$"].contains(where: text.hasPrefix),
            bytes[6] == UInt8(ascii: "$"),
            let cost = Int(String(decoding: bytes[4..<6], as: UTF8.self)), (4...15).contains(cost),
            bytes[7...].allSatisfy({ $0.isASCIIAlphanumeric || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") })
        else { return nil }
        self.init(text: text)
    }

    /// Takes as long as a guess does.
    func matches(_ password: String) -> Bool {
        // As the bytes that were sent: the original changes nothing about them.
        var phrase = password.utf8.prefix(Self.longest).map { CChar(bitPattern: $0) }
        guard !phrase.contains(0) else { return false }
        phrase.append(0)
        var memory: UnsafeMutableRawPointer?
        var size: CInt = 0
        defer { free(memory) }
        // Fails without memory, and for a text that is not a hash.
        guard let found = crypt_ra(phrase, text, &memory, &size) else { return false }
        return constantTimeEqual(Array(String(cString: found).utf8), Array(text.utf8))
    }
}
