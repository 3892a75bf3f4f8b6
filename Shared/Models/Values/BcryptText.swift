/// The text of a bcrypt hash: `$2b$10$` and 53 characters. We read such hashes and make none.
package enum BcryptText {
    /// - Returns: `false` for any other form, and for a cost that would keep a processor busy for more than some seconds.
    package static func isReadable(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 60, ["$2a$", "$2b$", "$2y$"].contains(where: text.hasPrefix),
            bytes[6] == UInt8(ascii: "$"), bytes[4..<6].allSatisfy(\.isASCIIDigit),
            let cost = Int(String(decoding: bytes[4..<6], as: UTF8.self)), (4...15).contains(cost)
        else { return false }
        return bytes[7...].allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
    }
}
