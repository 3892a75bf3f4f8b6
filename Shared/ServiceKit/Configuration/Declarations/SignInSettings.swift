import SharedModels

/// How people sign in, and what a new account starts with.
package struct SignInSettings: Sendable {
    package let githubBase = Setting(
        "GITHUB_BASE_URL", .httpURL, default: "https://github.com", of: [.auth, .talent], outsideDevelopment: .https,
        "Where people sign in with GitHub, and where their profiles are.")
    package let githubAPIBase = Setting(
        "GITHUB_API_BASE", .httpURL, default: "https://api.github.com", of: [.auth, .talent],
        outsideDevelopment: .https, "GitHub's REST API.")
    package let githubClientID = Setting(
        "GITHUB_CLIENT_ID", .word, without: "the sandbox takes any", requiredBy: [.auth], of: [.auth, .sandbox],
        outsideDevelopment: .notPublished("Iv1.development"), "Our application at GitHub.")
    package let githubClientSecret = Setting(
        "GITHUB_CLIENT_SECRET", .token(), without: "the sandbox takes any", requiredBy: [.auth],
        of: [.auth, .sandbox], outsideDevelopment: .notPublished("development-github"),
        "The secret of our application at GitHub.")
    package let googleBase = Setting(
        "GOOGLE_BASE_URL", .httpURL, default: "https://accounts.google.com", of: [.auth], outsideDevelopment: .https,
        "Where people sign in with Google.")
    package let googleTokenBase = Setting(
        "GOOGLE_TOKEN_BASE", .httpURL, default: "https://oauth2.googleapis.com", of: [.auth],
        outsideDevelopment: .https, "Where Google exchanges the code of a sign-in.")
    package let googleClientID = Setting(
        "GOOGLE_CLIENT_ID", .word, default: "guildhall.apps.googleusercontent.com", of: [.auth, .sandbox],
        "Our application at Google. ID tokens for any other are refused; nobody has the default one.")
    package let googleClientSecret = Setting(
        "GOOGLE_CLIENT_SECRET", .token(), without: "nobody signs in with Google on our pages; the sandbox takes any",
        of: [.auth, .sandbox], outsideDevelopment: .notPublished("development-google"),
        "The secret of our application at Google, which needs `GOOGLE_CLIENT_ID`.")
    package let googleKeys = Setting(
        "GOOGLE_JWKS_URL", .httpURL, default: "https://www.googleapis.com/oauth2/v3/certs", of: [.auth],
        outsideDevelopment: .https, "The keys that Google signs ID tokens with.")
    package let adminEmail = Setting(
        "ADMIN_EMAIL", .mailAddress, without: "nobody is made an admin", of: [.auth],
        "Its account is an admin from the start, with `ADMIN_PASSWORD`. An earlier admin stays one.")
    package let adminPassword = Setting(
        "ADMIN_PASSWORD", .text(ofAtLeast: 8), without: "nobody is made an admin", of: [.auth],
        outsideDevelopment: .notGuessable, "Goes with `ADMIN_EMAIL`. Another one ends the admin's sessions.")
    package let defaultPlan = Setting<Plan>(
        "DEFAULT_PLAN", .choice, default: "free", of: [.auth], "The plan of new accounts.")
}
