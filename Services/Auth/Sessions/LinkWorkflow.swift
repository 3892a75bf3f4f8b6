import Postgres
import ServiceKit
import SharedModels

/// Linking identities to the account of somebody who is signed in, and taking them away again.
extension SessionWorkflow {
    /// - Throws: ``SignInError/linkedElsewhere``, ``SignInError/alreadyLinked(username:)``, and
    ///   ``SignInError/notBegunHere`` when the session is over.
    func link(_ user: GitHubUser, to session: LiveSession) async throws {
        let now = clock.now
        do {
            try await database.transaction { tx in
                let account = try await accounts.lockActive(session.accountID, in: tx)
                guard try await sessions.isLive(session.id, at: now, in: tx) else { throw SignInError.notBegunHere }
                let owner = try await accounts.findOwner(gitHub: user.identity.id, in: tx)
                guard owner == nil || owner == account.id else { throw SignInError.linkedElsewhere }
                if let other = account.gitHub, other.id != user.identity.id {
                    throw SignInError.alreadyLinked(username: other.username)
                }
                _ = try await refresh(account, user, at: now, in: tx)
            }
        } catch let error as PostgresError where error.isUniqueViolation(of: "accounts_github_id_key") {
            // Somebody else was quicker.
            throw SignInError.linkedElsewhere
        }
    }

    /// Takes GitHub or Google away from an account, and keeps it out until its owner links it again. A repeat changes
    /// nothing.
    ///
    /// - Throws: ``SignInError/onlyWayIn``
    func unlink(_ method: SignInMethod, of id: AccountID) async throws {
        let now = clock.now
        try await database.transaction { tx in
            let known = try await accounts.lockActive(id, in: tx)
            let hasPassword = try await passwords.findEmail(of: id, in: tx) != nil
            let methods = known.signInMethods(hasPassword: hasPassword)
            guard methods.contains(method) else { return }
            guard methods.count > 1 else { throw SignInError.onlyWayIn }
            let account = known.changed { changed in
                switch method {
                case .password: break
                case .github: (changed.gitHub, changed.keepsGitHubOut) = (nil, true)
                case .google: (changed.googleSubject, changed.keepsGoogleOut) = (nil, true)
                }
            }
            try await accounts.save(account, at: now, in: tx)
            try await revocations.announce(.account(id), in: tx)
            if account.isKnownOtherwise(than: known) {
                try await outbox.append(.accountUpdated(account, at: now), in: tx)
            }
        }
    }

    /// How the account can be signed in to.
    func signInMethods(of account: Account) async throws -> [SignInMethod] {
        account.signInMethods(hasPassword: try await passwords.findEmail(of: account.id, in: database) != nil)
    }
}

extension Account {
    fileprivate func signInMethods(hasPassword: Bool) -> [SignInMethod] {
        SignInMethod.allCases.filter { method in
            switch method {
            case .password: hasPassword
            case .github: gitHub != nil
            case .google: googleSubject != nil
            }
        }
    }
}
