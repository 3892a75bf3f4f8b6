import Crypto
import ServiceKit
import SharedModels

/// The cookies that web reads and sets. Auth sets that of a session.
struct WebCookies: Sendable {
    /// The session. Auth sets it, whichever way one signs in.
    static let session = "guildhall_session"
    /// Random; what the forms of who is not signed in are bound to.
    static let visit = "guildhall_visit"
    static let flash = "guildhall_flash"
    /// Set by our script: the visitor's time zone.
    static let zone = "guildhall_zone"

    private let isSecure: Bool

    init(publicURL: String) {
        isSecure = WebURL(publicURL)?.isSecure ?? false
    }

    /// The value of a cookie. Over https only that which no other host of the site can have set.
    func value(of name: String, in header: String?) -> String? {
        Cookies.value(of: full(name), in: header.map { [$0] } ?? [])
    }

    func zone(in header: String?) -> String? { Cookies.value(of: Self.zone, in: header.map { [$0] } ?? []) }

    func setVisit(_ text: String) -> String { set(Self.visit, text, seconds: 86_400) }
    func end(_ name: String) -> String { set(name, "", seconds: 0) }

    func setFlash(_ flash: Flash) -> String {
        set(Self.flash, "\(flash.kind.rawValue).\(flash.text.fitting(600).percentEncoded)", seconds: 60)
    }

    func flash(in header: String?) -> Flash? {
        guard let value = value(of: Self.flash, in: header)?.utf8, let dot = value.firstIndex(of: UInt8(ascii: ".")),
            let kind = Flash.Kind.allCases.first(where: { value[..<dot].elementsEqual($0.rawValue.utf8) }),
            let bytes = FormEncoding.decode(value[value.index(after: dot)...])
        else { return nil }
        return Flash(kind: kind, text: String(decoding: bytes, as: UTF8.self))
    }

    private func full(_ name: String) -> String { isSecure ? "__Host-\(name)" : name }

    private func set(_ name: String, _ value: String, seconds: Int) -> String {
        "\(full(name))=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    }
}

/// What a form carries to show that one of our pages made it for this session (OWASP: HMAC-based token pattern).
struct FormToken: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: What only the visitor's browser and we know: its session, or its cookie for a visit.
    init(boundTo secret: String) {
        key = SymmetricKey(data: SHA256.hash(data: Array(secret.utf8)))
    }

    private static let message = Array("a form of guildhall-web".utf8)

    var text: String {
        Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Self.message, using: key))
    }

    func fits(_ shown: String?) -> Bool {
        guard let shown, let code = Hexadecimal.decode(shown) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.message, using: key)
    }
}
