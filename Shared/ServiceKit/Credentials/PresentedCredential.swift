import HTTPTypes
import SharedModels

/// What a request shows to say who is calling.
package struct PresentedCredential: Sendable, Equatable {
    package let source: CredentialSource
    package let secret: String

    package static let sessionCookie = "guildhall_session"
    /// The longest token taken, in bytes. Our keys have at most 54, our tokens less than 1,500.
    private static let maximumSecretBytes = 4096

    package init(source: CredentialSource, secret: String) {
        self.source = source
        self.secret = secret
    }

    /// Reads `Authorization: Bearer`, `x-api-key` and the session cookie, in this order: a browser that also
    /// sends its cookie has meant the token, which it had to add on purpose.
    ///
    /// - Returns: `nil` when the request carries none of them.
    /// - Throws: ``CredentialRefusal/unauthorized(_:)`` when the headers contradict each other, or hold something
    ///   that is no bearer token.
    package static func read(_ headers: HTTPFields) throws(CredentialRefusal) -> Self? {
        let bearer = try bearerToken(headers[values: .authorization])
        let key = try single(headers[values: .apiKey], of: "x-api-key")
        if let bearer, let key, bearer != key {
            throw .unauthorized("Authorization and x-api-key carry different credentials.")
        }
        if let token = bearer ?? key {
            guard token.isCredentialText(upTo: maximumSecretBytes) else {
                throw .unauthorized("The credential is malformed.")
            }
            return Self(source: .token, secret: token)
        }
        guard let cookie = cookie(named: sessionCookie, in: headers[values: .cookie]) else { return nil }
        guard cookie.isCredentialText(upTo: maximumSecretBytes) else {
            throw .unauthorized("The session is not valid.")
        }
        return Self(source: .cookie, secret: cookie)
    }

    /// The value of a cookie (RFC 6265, section 4.2); the first when there are several.
    ///
    /// - Returns: `nil` when there is none or it is empty.
    package static func cookie(named name: String, in headers: [String]) -> String? {
        for header in headers {
            for pair in header.utf8.split(separator: UInt8(ascii: ";")) {
                let pair = pair.drop(while: \.isBlank)
                guard pair.starts(with: name.utf8) else { continue }
                let rest = pair.dropFirst(name.utf8.count)
                guard rest.first == UInt8(ascii: "=") else { continue }
                let value = rest.dropFirst()
                return value.isEmpty ? nil : String(Substring(value))
            }
        }
        return nil
    }

    private static func bearerToken(_ headers: [String]) throws(CredentialRefusal) -> String? {
        guard let header = try single(headers, of: "Authorization") else { return nil }
        guard let token = Authorization.bearer(header) else {
            throw .unauthorized("Authorization takes a bearer token: \"Bearer <token>\".")
        }
        return token
    }

    private static func single(_ headers: [String], of name: String) throws(CredentialRefusal) -> String? {
        guard headers.dropFirst().allSatisfy({ $0 == headers[0] }) else {
            throw .unauthorized("\(name) is there more than once.")
        }
        return headers.first
    }
}

extension String {
    /// Visible ASCII only, not empty.
    fileprivate func isCredentialText(upTo length: Int) -> Bool {
        !utf8.isEmpty && utf8.count <= length && utf8.allSatisfy(\.isVisibleASCII)
    }
}
