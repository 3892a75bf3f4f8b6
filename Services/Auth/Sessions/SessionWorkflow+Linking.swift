import Postgres
import ServiceKit
import SharedModels

/// Linking identities to the account of somebody who is signed in, and taking them away again.
extension SessionWorkflow {
    /// - Throws: ``SignInError/linkedElsewhere(_:)``, ``SignInError/alreadyLinked(_:username:)``, and
    ///   ``SignInError/notBegunHere`` when the session is over.
    func link(_ identity: ProvenIdentity, to session: LiveSession) async throws {
        let now = clock.now
        do {
            try await database.transaction { tx in
                let account = try await accounts.lockActive(session.accountID, in: tx)
                guard try await sessions.isLive(session.id, at: now, in: tx) else { throw SignInError.notBegunHere }
                _ = try await book.add(identity, to: account, at: now, in: tx)
            }
        } catch let error as PostgresError where error.isUniqueViolation(of: identity.provider.uniqueIdentity) {
            // Somebody else was quicker.
            throw SignInError.linkedElsewhere(identity.provider)
        }
    }

    /// Takes a provider away from an account, and keeps it out until its owner links it again. A repeat changes nothing.
    ///
    /// - Throws: ``SignInError/onlyWayIn``
    func unlink(_ provider: Provider, of id: AccountID) async throws {
        let now = clock.now
        try await database.transaction { tx in
            let known = try await accounts.lockActive(id, in: tx)
            let hasPassword = try await passwords.findEmail(of: id, in: tx) != nil
            let methods = known.signInMethods(hasPassword: hasPassword)
            guard methods.contains(provider.method) else { return }
            guard methods.count > 1 else { throw SignInError.onlyWayIn }
            try await book.remove(provider, from: known, at: now, in: tx)
        }
    }

    /// How the account can be signed in to.
    func signInMethods(of account: Account) async throws -> [SignInMethod] {
        account.signInMethods(hasPassword: try await passwords.findEmail(of: account.id, in: database) != nil)
    }
}

extension Account {
    fileprivate func signInMethods(hasPassword: Bool) -> [SignInMethod] {
        SignInMethod.allCases.filter { method in Provider(method).map(isLinked(to:)) ?? hasPassword }
    }
}
