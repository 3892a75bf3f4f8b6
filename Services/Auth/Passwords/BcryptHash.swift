import CCrypt
import Foundation
import ServiceKit
import SharedModels

/// A password's hash that came with an import: bcrypt in its usual text. We make none.
struct BcryptHash: Sendable, Equatable {
    /// Bcrypt takes no more, and programs that make such hashes leave out the rest.
    private static let longest = 72

    /// A hash that no password is known for, of the original's cost.
    static let decoy = BcryptHash(text: "$2b$10$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")

    let text: String

    private init(text: String) {
        self.text = text
    }

    /// - Returns: `nil` for what ``BcryptText`` does not take.
    init?(_ text: String) {
        guard BcryptText.isReadable(text) else { return nil }
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
