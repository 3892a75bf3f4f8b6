import Postgres
import ServiceKit
import SharedModels

/// Signing in with Google.
struct GoogleWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let google: GoogleTokens
    let accounts: AccountStore
    let opening: AccountOpening
    let tokens: TokenWorkflow
    let defaultPlan: Plan

    /// Begins a session that uses tokens. Who has no account yet gets one; an account that has proven the same address
    /// is linked, unless its owner has unlinked Google, and so is the account of a session that is shown on purpose.
    ///
    /// - Parameter shown: What the request comes with. Cookies do not count: on a shared computer they may be somebody
    ///   else's.
    /// - Throws: ``GoogleError``, ``AccountError/blocked``.
    func signIn(_ input: GoogleLoginInput, showing shown: ShownSession) async throws -> (
        account: Account, tokens: TokenPair
    ) {
        let person = try await google.person(input.token)
        let own = try await tokens.session(shownBy: ShownSession(accessToken: shown.accessToken))?.accountID
        let now = clock.now
        let (account, turn) = try await database.transaction { tx in
            let account = try await self.account(of: person, own, input.role, at: now, in: tx)
            try account.checkMaySignIn()
            return (account, try await tokens.begin(for: account, at: now, in: tx))
        }
        return (account, try await tokens.pair(turn, of: account, at: now))
    }

    /// - Parameter own: The account whose access token is shown.
    private func account(
        of person: GooglePerson, _ own: AccountID?, _ role: Role?, at now: Timestamp, in tx: Transaction
    ) async throws -> Account {
        // Somebody else may open the account between our look and our attempt. One retry is enough.
        for _ in 0..<2 {
            if let known = try await accounts.lock(googleSubject: person.subject, in: tx) {
                guard own == nil || own == known.id else { throw GoogleError.linkedElsewhere }
                return known
            }
            if let own {
                let account = try await accounts.lockActive(own, in: tx)
                guard account.googleSubject == nil else { throw GoogleError.linkedElsewhere }
                return try await link(account, to: person, at: now, in: tx)
            }
            if let known = try await accounts.lock(verifiedEmail: person.email, in: tx) {
                guard known.googleSubject == nil else { throw GoogleError.taken }
                guard !known.keepsGoogleOut else { throw GoogleError.keptOut }
                return try await link(known, to: person, at: now, in: tx)
            }
            if let account = try await open(person, role, at: now, in: tx) { return account }
        }
        throw Refusal.unavailable()
    }

    private func link(
        _ account: Account, to person: GooglePerson, at now: Timestamp, in tx: Transaction
    ) async throws -> Account {
        let linked = account.changed { ($0.googleSubject, $0.keepsGoogleOut) = (person.subject, false) }
        try await accounts.save(linked, at: now, in: tx)
        return linked
    }

    private func open(
        _ person: GooglePerson, _ role: Role?, at now: Timestamp, in tx: Transaction
    ) async throws -> Account? {
        guard try await accounts.findOwner(of: person.email, in: tx) == nil else { throw GoogleError.taken }
        guard let role else { throw GoogleError.roleMissing }
        guard let type = role.userType else { throw GoogleError.adminRole }
        var account = Account.registering(person.email, as: person.name, type, plan: defaultPlan, at: now)
        account.googleSubject = person.subject
        return try await opening.open(account, in: tx)
    }
}
