import JWTKit

/// Checks the header of a token before its signature (RFC 8725, sections 3.1 and 3.2).
package enum TokenHeader {
    /// - Parameter algorithms: The only accepted algorithms.
    /// - Throws: When the text is not a token, names another algorithm, or lists extensions that every reader must
    ///   understand (`crit`). We know no extensions.
    package static func read(
        _ token: String, as claims: (some JWTPayload).Type, algorithm algorithms: String...
    ) throws -> JWTHeader {
        let header = try DefaultJWTParser().parse(Array(token.utf8), as: claims).header
        guard let algorithm = header.alg, algorithms.contains(algorithm) else {
            throw JWTError.generic(identifier: "alg", reason: "it is not \(algorithms.joined(separator: " or "))")
        }
        guard header.fields["crit"] == nil else {
            throw JWTError.generic(identifier: "crit", reason: "no extension is known")
        }
        return header
    }
}
