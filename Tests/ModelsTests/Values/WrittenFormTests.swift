import SharedModels
import Testing

/// The promise under test: what an import reads in another program's data has the form that our own services take.
@Suite struct WrittenFormTests {
    private static let salted = String(repeating: "a", count: 53)

    @Test func `a bcrypt hash is read in each of its spellings, at a cost that does not stop a processor`() {
        for start in ["$2a$04$", "$2b$10$", "$2y$15$"] { #expect(BcryptText.isReadable(start + Self.salted)) }
        for start in ["$2x$10$", "$2b$03$", "$2b$16$", "$2b$1a$", "$2b$+9$", "$1$10$00", "2b$10$$"] {
            #expect(!BcryptText.isReadable(start + Self.salted), "\(start)")
        }
        #expect(!BcryptText.isReadable("$2b$10$" + Self.salted.dropLast()))
        #expect(!BcryptText.isReadable("$2b$10$" + Self.salted.dropLast() + "=") && !BcryptText.isReadable(""))
    }

    @Test(arguments: ["CON1234567", "CON123456789", "con12345678", "CON1234567x", "CON１２３４５６７８", ""])
    func `a contract's number is CON and 8 digits, and nothing else`(text: String) {
        #expect(!ContractNumber.isValid(text))
        #expect(ContractNumber.isValid("CON00000000"))
        #expect((0..<50).allSatisfy { _ in ContractNumber.isValid(ContractNumber.make()) })
    }

    @Test func `a telephone number has digits of ASCII and the signs of writing one`() {
        #expect(PhoneNumber.isValid("+91 (22) 555-0100"))
        for text in ["٣٤٥", "0x10", "12;34", "12\u{0}"] { #expect(!PhoneNumber.isValid(text)) }
    }
}
