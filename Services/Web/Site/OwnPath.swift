import SharedModels

/// Paths on this site, where a form or a sign-in may lead back to. What a browser could take for another site is refused.
enum OwnPath {
    /// - Returns: The path, or `/` for anything else.
    static func checked(_ text: String?) -> String {
        // The query's own rule: visible ASCII, one slash first, no backslash.
        guard let text else { return "/" }
        // What is no path of ours leads to the start.
        return (try? SessionEndpoints.returnTo.value(of: text)) ?? "/"
    }

    /// The sign-in that leads back to `path`.
    static func signIn(backTo path: String) -> String {
        path == "/" ? "/sign-in" : "/sign-in?return_to=\(path.percentEncoded)"
    }
}
