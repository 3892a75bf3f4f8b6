import HTTPTypes
import SharedModels

/// What a request carries to prove who is calling.
package struct PresentedCredential: Sendable, Equatable {
    package let source: CredentialSource
    package let secret: String

    /// The longest accepted token, in bytes. Our keys have at most 54, our tokens fewer than 1,500.
    package static let maximumBytes = 4096

    package init(source: CredentialSource, secret: String) {
        self.source = source
        self.secret = secret
    }

    /// A key or token that did not come in a header.
    ///
    /// - Throws: ``CredentialRefusal/unauthorized(_:)``.
    init(token: String) throws(CredentialRefusal) {
        try self.init(reading: token, from: .token, orRefuse: "The credential is malformed.")
    }

    /// - Throws: ``CredentialRefusal/unauthorized(_:)`` with `problem`, unless the text is visible ASCII of a
    ///   reasonable length.
    fileprivate init(
        reading secret: String, from source: CredentialSource, orRefuse problem: String
    ) throws(CredentialRefusal) {
        let bytes = secret.utf8
        guard (1...Self.maximumBytes).contains(bytes.count), bytes.allSatisfy(\.isVisibleASCII) else {
            throw .unauthorized(problem)
        }
        self.init(source: source, secret: secret)
    }
}

/// One way in which a request can carry a credential.
protocol CredentialReader: Sendable {
    /// - Returns: `nil` when the request carries no credential this way.
    /// - Throws: ``CredentialRefusal/unauthorized(_:)`` when it carries something that is not a credential.
    func read(_ headers: HTTPFields) throws(CredentialRefusal) -> PresentedCredential?
}

/// All ways in which a request can carry a credential.
///
/// An explicit credential is one that the caller added on purpose. It wins over the cookie, which a browser adds on its
/// own. Two explicit credentials contradict each other.
package struct CredentialReaders: Sendable {
    private let explicit: [any CredentialReader] = [BearerReader(), KeyHeaderReader()]
    package let cookie: SessionCookie

    /// - Parameter publicURL: The URL at which browsers reach us.
    package init(publicURL: String) {
        cookie = SessionCookie(publicURL: publicURL)
    }

    /// - Returns: `nil` when the request carries no credential.
    /// - Throws: ``CredentialRefusal/unauthorized(_:)`` when it carries two different explicit credentials, or an
    ///   explicit one that is malformed.
    package func read(_ headers: HTTPFields) throws(CredentialRefusal) -> PresentedCredential? {
        var shown: PresentedCredential?
        for reader in explicit {
            guard let found = try reader.read(headers) else { continue }
            guard shown == nil || shown == found else {
                throw .unauthorized("The request shows two different credentials; send one of them.")
            }
            shown = found
        }
        if let shown { return shown }
        return try cookie.read(headers)
    }
}

/// `Authorization: Bearer <key or token>`.
private struct BearerReader: CredentialReader {
    func read(_ headers: HTTPFields) throws(CredentialRefusal) -> PresentedCredential? {
        guard let header = try headers.only(.authorization) else { return nil }
        guard let token = Authorization.bearer(header) else {
            throw .unauthorized("Authorization takes a bearer token: \"Bearer <token>\".")
        }
        return try PresentedCredential(reading: token, from: .token, orRefuse: "The credential is malformed.")
    }
}

/// `x-api-key: <key>`.
private struct KeyHeaderReader: CredentialReader {
    func read(_ headers: HTTPFields) throws(CredentialRefusal) -> PresentedCredential? {
        guard let key = try headers.only(.apiKey) else { return nil }
        return try PresentedCredential(reading: key, from: .token, orRefuse: "The credential is malformed.")
    }
}

/// The cookie of a browser session.
///
/// Over https it is called `__Host-guildhall_session`, which no other host of the same site can set (RFC 6265bis,
/// section 4.1.3). Over plain http it is `guildhall_session`. A program may send either name; the longer one wins.
package struct SessionCookie: CredentialReader {
    private static let plainName = "guildhall_session"
    private static let hostName = "__Host-guildhall_session"

    private let isSecure: Bool

    /// - Parameter publicURL: The URL at which browsers reach us.
    package init(publicURL: String) {
        isSecure = WebURL(publicURL)?.isSecure ?? false
    }

    /// The name under which we set the cookie.
    package var name: String { isSecure ? Self.hostName : Self.plainName }

    /// The text of the cookie, valid or not.
    ///
    /// A browser says where it comes from (`Sec-Fetch-Site`). Over https its plain cookie is ignored, because another
    /// host may have set it.
    package func text(in headers: HTTPFields) -> String? {
        let cookies = headers[values: .cookie]
        if let text = Cookies.value(of: Self.hostName, in: cookies) { return text }
        guard !isSecure || headers[.fetchSite] == nil else { return nil }
        return Cookies.value(of: Self.plainName, in: cookies)
    }

    package func read(_ headers: HTTPFields) throws(CredentialRefusal) -> PresentedCredential? {
        guard let text = text(in: headers) else { return nil }
        return try PresentedCredential(reading: text, from: .cookie, orRefuse: "The session is not valid.")
    }
}

extension HTTPFields {
    /// - Throws: ``CredentialRefusal/unauthorized(_:)`` when the header occurs more than once with different values.
    fileprivate func only(_ name: HTTPField.Name) throws(CredentialRefusal) -> String? {
        let values = self[values: name]
        guard values.dropFirst().allSatisfy({ $0.isSpelled(values[0]) }) else {
            throw .unauthorized("\(name.rawName) is there more than once.")
        }
        return values.first
    }
}
