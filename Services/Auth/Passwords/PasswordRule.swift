import SharedModels

/// What a password needs that somebody chooses: 8 characters, and one of each class (Skillhouse contract, section 2).
///
/// There is no limit of 72 bytes, which other schemes have: scrypt hashes all of it.
enum PasswordRule {
    private static let signs = "@$!%*?&"

    /// - Parameter member: What the password is called in the request.
    /// - Throws: ``PasswordError/weak(_:_:)``
    static func check(_ password: String, as member: String) throws(PasswordError) {
        let bytes = password.utf8
        let missing = [
            ("a small letter", bytes.contains { $0.isASCIILowercase }),
            ("a capital letter", bytes.contains { $0.isASCIIUppercase }),
            ("a digit", bytes.contains { $0.isASCIIDigit }),
            ("one of \(signs)", bytes.contains { signs.utf8.contains($0) }),
        ].filter { !$0.1 }.map(\.0)
        guard missing.isEmpty else { throw .weak(member, "needs \(missing.joined(separator: ", "))") }
    }

    /// - Throws: ``PasswordError/weak(_:_:)``, also when `repeated` is another text.
    static func check(_ password: String, repeatedAs repeated: String) throws(PasswordError) {
        try check(password, as: "newPassword")
        guard password.utf8.elementsEqual(repeated.utf8) else {
            throw .weak("confirmPassword", "must be the same as newPassword")
        }
    }
}
