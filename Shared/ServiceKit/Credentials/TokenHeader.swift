import JWTKit

/// What the header of a token must say before its signature is looked at (RFC 8725, sections 3.1 and 3.2).
package enum TokenHeader {
    /// - Parameter algorithm: The only one that is taken.
    /// - Throws: When it is no token, names another algorithm, or has extensions that whoever reads it must understand
    ///   (`crit`): we know none.
    package static func read(
        _ token: String, as claims: (some JWTPayload).Type, algorithm: String
    ) throws -> JWTHeader {
        let header = try DefaultJWTParser().parse(Array(token.utf8), as: claims).header
        guard header.alg == algorithm else {
            throw JWTError.generic(identifier: "alg", reason: "it is not \(algorithm)")
        }
        guard header.fields["crit"] == nil else {
            throw JWTError.generic(identifier: "crit", reason: "no extension is known")
        }
        return header
    }
}
