import GuildhallClient
import SharedModels

/// A way in through somebody else: GitHub or Google.
enum Door {
    case gitHub, google

    /// - Returns: `nil` for what is ours alone.
    init?(_ method: SignInMethod) {
        switch method {
        case .password: return nil
        case .github: self = .gitHub
        case .google: self = .google
        }
    }

    var name: String {
        switch self {
        case .gitHub: "GitHub"
        case .google: "Google"
        }
    }

    /// Of the API, where a browser begins to sign in.
    ///
    /// - Parameter path: Where it comes back to, a path of ours.
    func address(backTo path: String, _ more: String = "") -> String {
        "\(start.path)?return_to=\(path.percentEncoded)\(more)"
    }

    /// Where who is signed in links it to the account.
    func linkAddress(backTo path: String) -> String { address(backTo: path, "&link=true") }

    /// Where somebody without an account becomes a client or a freelancer.
    func address(backTo path: String, becoming type: UserType) -> String {
        address(backTo: path, "&user_type=\(type.rawValue)")
    }

    private var start: SharedModels.Operation {
        switch self {
        case .gitHub: Endpoints.session.startGitHub.operation
        case .google: Endpoints.session.startGoogle.operation
        }
    }
}

extension Visit {
    /// Those that this marketplace has.
    func doors() async throws -> [Door] {
        try await api.call(Endpoints.session.methods).methods.compactMap(Door.init)
    }
}
