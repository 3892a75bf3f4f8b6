import SharedModels

/// The fields of a form, as OAuth reads them (RFC 6749, section 3.2): each is there once, and one without a value is as
/// good as none.
struct FormFields: Sendable {
    static let mediaType = "application/x-www-form-urlencoded"
    /// No form of ours has more.
    private static let most = 50

    private let values: [(name: String, value: String)]

    /// - Throws: ``OAuthTokenError/invalidRequest(_:)``
    init(_ bytes: [UInt8]) throws(OAuthTokenError) {
        let pairs = FormEncoding.pairs(bytes, most: Self.most + 1)
        guard pairs.count <= Self.most else { throw .invalidRequest("The form has more than \(Self.most) fields") }
        var values: [(name: String, value: String)] = []
        for pair in pairs {
            guard let name = Self.text(pair.name), let value = Self.text(pair.value) else {
                throw .invalidRequest("The form must be percent-encoded UTF-8 without NUL")
            }
            guard !values.contains(where: { $0.name.isSpelled(name) }) else {
                throw .invalidRequest("\(name.excerpt) must be there once")
            }
            values.append((name, value))
        }
        self.values = values
    }

    /// The value; `nil` when it is absent or empty.
    subscript(name: String) -> String? {
        values.first { $0.name.isSpelled(name) }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    /// - Throws: ``OAuthTokenError/invalidRequest(_:)`` when it is absent or empty.
    func require(_ name: String) throws(OAuthTokenError) -> String {
        guard let value = self[name] else { throw .invalidRequest("\(name) is missing") }
        return value
    }

    static func text(_ bytes: some Collection<UInt8>) -> String? {
        FormEncoding.text(decoding: bytes).flatMap { $0.utf8.contains(0) ? nil : $0 }
    }
}
