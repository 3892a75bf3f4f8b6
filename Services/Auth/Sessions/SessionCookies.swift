import ServiceKit
import SharedModels

/// The cookies of signing in, as `Set-Cookie` has them (RFC 6265, section 4.1).
///
/// Never read by scripts, and over https alone when we are reached so. Sent along when somebody follows a link to
/// us, the refresh token also from a web client on another site (Skillhouse contract, section 1.2); over plain
/// http no browser does that.
struct SessionCookies: Sendable {
    /// Ties a sign-in to the browser that began it.
    static let signInName = "guildhall_sign_in"
    static let signInPath = "/api/session/github"
    /// Renews an access token.
    static let refreshName = "refreshToken"
    static let refreshPath = "/api/auth"

    /// Who is signed in.
    let session: SessionCookie
    private let isSecure: Bool

    /// - Parameter publicURL: Where browsers reach us.
    init(publicURL: String) {
        session = SessionCookie(publicURL: publicURL)
        isSecure = WebURL(publicURL)?.isSecure ?? false
    }

    func session(_ text: String) -> String {
        cookie(session.name, text, path: "/", lifetime: Session.lifetime)
    }

    var endOfSession: String { cookie(session.name, "", path: "/", lifetime: .zero) }

    func signIn(_ text: String) -> String {
        cookie(Self.signInName, text, path: Self.signInPath, lifetime: SignIn.lifetime)
    }

    var endOfSignIn: String { cookie(Self.signInName, "", path: Self.signInPath, lifetime: .zero) }

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
