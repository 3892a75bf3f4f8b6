import ServiceKit

/// The two cookies of signing in, as `Set-Cookie` has them (RFC 6265, section 4.1).
///
/// Never read by scripts, sent along when somebody follows a link to us, and over https alone when we are reached so.
struct SessionCookies: Sendable {
    /// Ties a sign-in to the browser that began it.
    static let signInName = "guildhall_sign_in"
    static let signInPath = "/api/session/github"

    private let isSecure: Bool

    /// - Parameter publicURL: Where browsers reach us.
    init(publicURL: String) {
        isSecure = publicURL.lowercased().hasPrefix("https://")
    }

    func session(_ text: String) -> String {
        cookie(PresentedCredential.sessionCookie, text, path: "/", lifetime: Session.lifetime)
    }

    var endOfSession: String { cookie(PresentedCredential.sessionCookie, "", path: "/", lifetime: .zero) }

    func signIn(_ text: String) -> String {
        cookie(Self.signInName, text, path: Self.signInPath, lifetime: SignIn.lifetime)
    }

    var endOfSignIn: String { cookie(Self.signInName, "", path: Self.signInPath, lifetime: .zero) }

    private func cookie(_ name: String, _ value: String, path: String, lifetime: Duration) -> String {
        let age = lifetime.components.seconds
        return "\(name)=\(value); Path=\(path); Max-Age=\(age); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    }
}
