/// Somebody for whom a provider vouches.
enum ProvenIdentity: Sendable {
    case gitHub(GitHubUser)
    case google(GooglePerson)

    var provider: Provider {
        switch self {
        case .gitHub: .gitHub
        case .google: .google
        }
    }

    /// The addresses that the provider has verified, in lower case, the primary one first.
    var verifiedEmails: [String] {
        switch self {
        case .gitHub(let user): user.confirmedEmails
        case .google(let person): [person.email]
        }
    }
}

/// What an account knows of its owner at the providers.
extension Account {
    func isLinked(to provider: Provider) -> Bool {
        switch provider {
        case .gitHub: gitHub != nil
        case .google: googleSubject != nil
        }
    }

    /// Whether it is this person at the provider, whatever the person is called there by now.
    func belongs(to identity: ProvenIdentity) -> Bool {
        switch identity {
        case .gitHub(let user): gitHub?.id == user.identity.id
        case .google(let person): googleSubject == person.subject
        }
    }

    /// Whether the owner has taken the provider away.
    func keepsOut(_ provider: Provider) -> Bool {
        switch provider {
        case .gitHub: keepsGitHubOut
        case .google: keepsGoogleOut
        }
    }

    mutating func link(_ identity: ProvenIdentity) {
        switch identity {
        case .gitHub(let user):
            (gitHub, keepsGitHubOut) = (user.identity, false)
            follow(user.email)
        case .google(let person): (googleSubject, keepsGoogleOut) = (person.subject, false)
        }
    }

    mutating func unlink(_ provider: Provider) {
        switch provider {
        case .gitHub: (gitHub, keepsGitHubOut) = (nil, true)
        case .google: (googleSubject, keepsGoogleOut) = (nil, true)
        }
    }
}
