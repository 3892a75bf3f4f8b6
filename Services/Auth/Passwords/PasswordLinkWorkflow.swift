import Postgres
import ServiceKit
import SharedModels

/// New passwords for people who have forgotten theirs, or whose address was closed because somebody guessed.
///
/// The link proves the mailbox, so an account that has proven the address without a password gets its first one.
struct PasswordLinkWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let passwords: PasswordStore
    let attempts: AttemptStore
    let sessions: SessionStore
    let revocations: RevocationStore
    let hasher: PasswordHasher
    let mails: MailWorkflow
    let readers: any ReaderPeers
    /// The web client's address, without a slash at its end.
    let clientURL: String
    let links = PasswordLinkStore()

    func register(on scheduler: Scheduler) {
        scheduler.on(MailPasswordLink.self) { work in try await mailLink(to: work.email, in: work.language) }
    }

    /// Has a link mailed, if an account has the address.
    ///
    /// - Parameters:
    ///   - language: What the request asks for. What the account has chosen wins.
    ///   - place: Where the request comes from; `nil` when it came past the gateway.
    /// - Throws: ``PasswordError/tooManyMails(retryAfter:)``, alike for every address.
    func forgot(_ address: String, in language: Language? = nil, from place: Place? = nil) async throws {
        let (email, now) = (address.lowercased(), clock.now)
        for subject in [place.map { AttemptSubject.mails(place: $0) }, .link(email: email)].compactMap(\.self) {
            let reservation = try await attempts.reserve(subject, at: now, in: database)
            if case .refused(let wait) = reservation { throw PasswordError.tooManyMails(retryAfter: wait) }
        }
        try await mails.scheduler.schedule(
            MailPasswordLink(id: .make(at: now), email: email, language: language), at: now, in: database)
    }

    /// Sets the password. Every session of the account ends, and the address is open again.
    ///
    /// - Throws: ``PasswordError``.
    func update(_ input: PasswordByLinkInput) async throws {
        try PasswordRule.check(input.newPassword, repeatedAs: input.confirmPassword)
        let digest = APIKeyFormat.sha256(input.token)
        guard try await links.find(digest, at: clock.now, in: database) != nil else { throw PasswordError.linkEnded }
        let hash = try await hasher.hash(input.newPassword)
        let now = clock.now
        try await database.transaction { tx in
            // The account is locked before the link is looked at again: of two requests the second finds none.
            guard
                let id = try await links.find(digest, at: now, in: tx),
                let account = try await accounts.lock(id, in: tx),
                try await links.find(digest, at: now, in: tx) == id,
                let email = try await passwords.findEmail(of: id, in: tx) ?? account.verifiedEmail
            else { throw PasswordError.linkEnded }
            try await links.deleteAll(of: id, in: tx)
            try await passwords.put(StoredPassword(accountID: id, hash: hash), email: email, at: now, in: tx)
            try await sessions.deleteAll(of: id, in: tx)
            try await attempts.forget(address: email, in: tx)
            try await revocations.announce(.account(id), in: tx)
        }
    }

    private func mailLink(to email: String, in asked: Language?) async throws {
        guard let owner = try await accounts.findOwner(of: email, in: database) else { return }
        let language = await readers.language(of: owner) ?? asked ?? .english
        let now = clock.now
        try await database.transaction { tx in
            guard let id = try await accounts.findOwner(of: email, in: tx),
                try await accounts.lock(id, in: tx) != nil
            else { return }
            let (link, text) = PasswordLink.make(for: id, at: now)
            try await links.insert(link, at: now, in: tx)
            let url = "\(clientURL)/reset-password?token=\(text)"
            try await mails.post(.passwordLink(url, to: email, in: language, until: link.expiresAt), at: now, in: tx)
        }
    }
}
