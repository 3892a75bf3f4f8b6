import SharedModels

/// News from auth to every service: something is no longer valid.
package enum Revocation: Sendable, Equatable {
    /// One key, session or token, by its text's SHA-256.
    case credential(sha256: [UInt8])
    /// Everything known about an account. Its plan or type has changed, it was blocked or deleted, or it ended a
    /// session that uses access tokens.
    case account(AccountID)

    /// The name of the server-sent event.
    package static let eventName = "revoked"

    /// `{"credential_sha256": "<64 hex>"}` or `{"user_id": "<uuid>"}`.
    package var value: JSONValue {
        switch self {
        case .credential(let digest): ["credential_sha256": .string(Hexadecimal.encode(digest))]
        case .account(let id): ["user_id": .string(id.description)]
        }
    }

    /// The same as text.
    package var json: String { String(decoding: value.bytes, as: UTF8.self) }

    /// - Returns: `nil` when `json` has neither form.
    package init?(json: String) {
        // Unreadable JSON gives `nil`; the caller then treats everything as revoked.
        guard let value = try? JSONValue.parse(json.utf8) else { return nil }
        if let text = value["credential_sha256"]?.string, let digest = Hexadecimal.decode(text), digest.count == 32 {
            self = .credential(sha256: digest)
        } else if let text = value["user_id"]?.string, let id = AccountID(text) {
            self = .account(id)
        } else {
            return nil
        }
    }
}
