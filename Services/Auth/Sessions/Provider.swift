import Postgres
import SharedModels

/// Who vouches for people who sign in.
enum Provider: String, CaseIterable, Sendable, PostgresValue {
    case gitHub = "github"
    case google

    /// As people know it.
    var name: String {
        switch self {
        case .gitHub: "GitHub"
        case .google: "Google"
        }
    }

    var method: SignInMethod {
        switch self {
        case .gitHub: .github
        case .google: .google
        }
    }

    /// - Returns: `nil` for what nobody else vouches for.
    init?(_ method: SignInMethod) {
        switch method {
        case .password: return nil
        case .github: self = .gitHub
        case .google: self = .google
        }
    }

    /// The constraint that keeps a person there with one account here.
    var uniqueIdentity: String {
        switch self {
        case .gitHub: "accounts_github_id_key"
        case .google: "one_account_per_google_user"
        }
    }
}

/// Where a browser goes to be vouched for, and comes back from with a code.
protocol ProviderClient: Sendable {
    /// The URL that the browser is sent to.
    func authorizeURL(state: String, proofKey: ProofKey) -> String

    /// Exchanges the code for whom it stands for.
    ///
    /// - Throws: ``SignInError/codeRefused(_:)`` and ``SignInError/unavailable(_:reason:)``; for Google also
    ///   ``GoogleError/tokenRefused`` and ``GoogleError/addressUnverified``.
    func identity(code: String, proofKey: ProofKey) async throws -> ProvenIdentity
}
