import ServiceKit
import SharedModels

/// What a request shows to prove which client it comes from (RFC 6749, section 2.3.1).
struct ClientProof: Sendable, Equatable {
    let id: String
    /// `nil` when only the id is shown, as public clients do.
    let secret: String?
}

extension ClientProof {
    /// - Parameter authorization: The header `Authorization`.
    /// - Throws: ``OAuthTokenError``
    init(_ form: FormFields, authorization: String?) throws(OAuthTokenError) {
        guard let authorization else {
            guard let id = form["client_id"] else {
                throw .invalidClient("The client says who it is: with Authorization: Basic, or with client_id")
            }
            self.init(id: id, secret: form["client_secret"])
            return
        }
        guard form["client_secret"] == nil else {
            throw .invalidRequest("The client shows its secret twice; send it once")
        }
        guard let shown = Self.read(authorization) else {
            throw .invalidClient("Authorization takes the client's id and secret as Basic")
        }
        guard form["client_id"].map({ $0.isSpelled(shown.id) }) ?? true else {
            throw .invalidRequest("client_id is another one than in Authorization")
        }
        self.init(id: shown.id, secret: shown.secret)
    }

    /// Both are form-encoded before they are joined by a colon.
    private static func read(_ header: String) -> (id: String, secret: String)? {
        guard let shown = Authorization(header), shown.scheme.isSpelled("basic"),
            let bytes = Base64.decode(shown.credentials)
        else { return nil }
        let id = bytes.prefix { $0 != UInt8(ascii: ":") }
        guard id.count < bytes.count, let name = FormFields.text(id),
            let secret = FormFields.text(bytes.dropFirst(id.count + 1)), !name.isEmpty
        else { return nil }
        return (name, secret)
    }
}
