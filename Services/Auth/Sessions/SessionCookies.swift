import ServiceKit
import SharedModels

/// The cookies of sign-in, as values of `Set-Cookie` (RFC 6265, section 4.1).
///
/// Scripts cannot read them, and they are sent only over https when we are reached over https. Browsers send them when
/// somebody follows a link to us. They also send the refresh token from a web client on another site (Skillhouse
/// contract, section 1.2), but not over plain http.
struct SessionCookies: Sendable {
    /// How many sign-ins one browser can have under way, each in its own tab.
    static let signInLimit = 5
    private static let signInDigits = 16
    /// The cookie that renews an access token.
    static let refreshName = "refreshToken"
    static let refreshPath = "/api/auth"

    /// The cookie that says who is signed in.
    let session: SessionCookie
    private let isSecure: Bool

    /// - Parameter publicURL: The URL at which browsers reach us.
    init(publicURL: String) {
        session = SessionCookie(publicURL: publicURL)
        isSecure = WebURL(publicURL)?.isSecure ?? false
    }

    func session(_ text: String) -> String {
        cookie(session.name, text, path: "/", lifetime: Session.lifetime)
    }

    var endOfSession: String { end(session.name) }

    /// Binds a sign-in to the browser that began it. Each sign-in has its own cookie, named after its state, so that
    /// two tabs do not use each other's.
    func signIn(_ text: String, state: String) -> String {
        cookie(signInName(of: state), text, path: "/", lifetime: SignIn.lifetime)
    }

    func endOfSignIn(state: String) -> String { end(signInName(of: state)) }

    func signInName(of state: String) -> String {
        signInPrefix + Hexadecimal.encode(APIKeyFormat.sha256(state)).prefix(Self.signInDigits)
    }

    /// Ends the oldest sign-ins, to make room for one more.
    ///
    /// - Parameter names: The cookies that begin with ``signInPrefix``, the oldest first.
    func endsOfOldSignIns(_ names: [String]) -> [String] {
        let ours = names.filter { name in
            let digits = name.utf8.dropFirst(signInPrefix.utf8.count)
            return digits.count == Self.signInDigits && digits.allSatisfy { $0.hexadecimalDigit != nil }
        }
        return ours.dropLast(Self.signInLimit - 1).map(end)
    }

    /// Over https no other host of the same site can set it, as with the session cookie.
    var signInPrefix: String { isSecure ? "__Host-guildhall_sign_in_" : "guildhall_sign_in_" }

    private func end(_ name: String) -> String { cookie(name, "", path: "/", lifetime: .zero) }

    func refresh(_ text: String) -> String { refresh(text, lifetime: RefreshToken.lifetime) }
    var endOfRefresh: String { refresh("", lifetime: .zero) }

    private func refresh(_ text: String, lifetime: Duration) -> String {
        cookie(
            Self.refreshName, text, path: Self.refreshPath, lifetime: lifetime, sameSite: isSecure ? "None" : "Lax")
    }

    private func cookie(
        _ name: String, _ value: String, path: String, lifetime: Duration, sameSite: String = "Lax"
    ) -> String {
        let age = lifetime.components.seconds
        let secure = isSecure ? "; Secure" : ""
        return "\(name)=\(value); Path=\(path); Max-Age=\(age); HttpOnly; SameSite=\(sameSite)\(secure)"
    }
}
