import Crypto
import Foundation

/// Encrypts values for storage, so that a copy of the database reveals nothing and cannot sign (AES-256-GCM).
///
/// Each value is bound to its place, such as its row's id: sealed for one row, it does not open in another.
package struct Seal: Sendable {
    private let key: SymmetricKey
    private let earlierKeys: [SymmetricKey]

    /// - Parameter secret: Seals with the current one, and opens what was sealed with any.
    package init(_ purpose: KeyPurpose, of secret: RotatingSecret) {
        key = secret.current.key(for: purpose)
        earlierKeys = secret.earlier.map { $0.key(for: purpose) }
    }

    /// - Parameter place: What the value belongs to. Opening it needs the same place.
    package func close(_ bytes: some Collection<UInt8>, for place: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(Array(bytes), using: key, authenticating: Array(place.utf8))
        guard let combined = box.combined else { preconditionFailure("a nonce of the usual length is combined") }
        return Array(combined)
    }

    /// - Throws: ``BrokenSeal``, for every reason.
    package func open(_ sealed: [UInt8], for place: String) throws(BrokenSeal) -> [UInt8] {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { throw BrokenSeal() }
        for key in [key] + earlierKeys {
            // A key that does not fit says so; the next may.
            if let opened = try? AES.GCM.open(box, using: key, authenticating: Array(place.utf8)) {
                return Array(opened)
            }
        }
        throw BrokenSeal()
    }
}

/// A value was sealed with another secret or for another place, or was changed since.
package struct BrokenSeal: Error, Equatable, CustomStringConvertible {
    package init() {}

    package var description: String { "it was sealed under another secret or for another place, or was changed" }
}
