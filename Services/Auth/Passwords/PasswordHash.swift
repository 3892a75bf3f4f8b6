import Crypto
import CryptoExtras
import Foundation
import ServiceKit
import SharedModels

/// A stored password: scrypt (RFC 7914) in the PHC string format, with salt and parameters.
struct PasswordHash: Sendable, Equatable {
    /// How much work one guess takes.
    struct Cost: Sendable, Equatable {
        /// One of the equivalent settings in OWASP's Password Storage Cheat Sheet: 16 MiB, a fifth of a second.
        static let standard = Cost(logarithm: 14, blockSize: 8, parallelism: 5)

        /// The logarithm of the number of rounds, to the base 2.
        let logarithm: Int
        let blockSize: Int
        let parallelism: Int
    }

    private static let saltLength = 16
    private static let keyLength = 32

    let cost: Cost
    private let salt: [UInt8]
    private let key: [UInt8]

    /// Hashes `password` with a new salt. Takes as long as a guess does.
    init(of password: String, cost: Cost) throws {
        self.cost = cost
        salt = Self.random(Self.saltLength)
        key = try Self.derive(password, salt, cost)
    }

    /// A hash that no password matches. Finding that out takes as long as with any other hash.
    init(decoy cost: Cost) {
        self.cost = cost
        salt = Self.random(Self.saltLength)
        key = Self.random(Self.keyLength)
    }

    /// Takes as long as a guess does.
    func matches(_ password: String) throws -> Bool {
        constantTimeEqual(try Self.derive(password, salt, cost), key)
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ cost: Cost) throws -> [UInt8] {
        // Text that looks the same is the same password, however it was typed (NIST SP 800-63B-4, section 3.1.1.2).
        let text = password.precomposedStringWithCompatibilityMapping
        let key = try KDF.Scrypt.deriveKey(
            from: Array(text.utf8), salt: salt, outputByteCount: keyLength, rounds: 1 << cost.logarithm,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
        return key.withUnsafeBytes { Array($0) }
    }

    private static func random(_ count: Int) -> [UInt8] {
        SymmetricKey(size: .init(bitCount: 8 * count)).withUnsafeBytes { Array($0) }
    }
}

extension PasswordHash {
    /// `$scrypt$ln=14,r=8,p=5$<salt>$<key>`, both in base 64 without padding.
    var text: String {
        let parameters = "ln=\(cost.logarithm),r=\(cost.blockSize),p=\(cost.parallelism)"
        return "$scrypt$\(parameters)$\(Base64.encode(salt, padded: false))$\(Base64.encode(key, padded: false))"
    }

    /// - Returns: `nil` for any other form.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard
            parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = Cost(parts[2]),
            let salt = Base64.decode(parts[3], padded: false), let key = Base64.decode(parts[4], padded: false),
            key.count == Self.keyLength
        else { return nil }
        (self.cost, self.salt, self.key) = (cost, salt, key)
    }
}

extension PasswordHash.Cost {
    /// Reads `ln=14,r=8,p=5`.
    fileprivate init?(_ text: Substring) {
        let numbers = zip(["ln=", "r=", "p="], text.split(separator: ",")).compactMap { name, part in
            part.hasPrefix(name) ? Int(part.dropFirst(name.count)) : nil
        }
        // Far above any sensible setting, and still harmless to the machine.
        guard
            numbers.count == 3, (1...20).contains(numbers[0]), (1...32).contains(numbers[1]),
            (1...32).contains(numbers[2])
        else { return nil }
        self.init(logarithm: numbers[0], blockSize: numbers[1], parallelism: numbers[2])
    }
}
