import Postgres
import ServiceKit
import SharedModels

/// Opens accounts for people who prove a mail address.
///
/// Nobody has an account before the code is entered. What counts is what was registered last; who enters the code must
/// also show the password that was registered, so that nobody opens an account with a stranger's password.
struct RegistrationWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let opening: AccountOpening
    let passwords: PasswordStore
    let attempts: AttemptStore
    let hasher: PasswordHasher
    let digests: CodeDigests
    let mails: MailWorkflow
    let defaultPlan: Plan
    let registrations = RegistrationStore()

    func register(on scheduler: Scheduler) {
        scheduler.on(RenewCode.self) { work in try await renewCode(of: work.email, in: work.language) }
    }

    /// - Parameters:
    ///   - language: What the request asks for; `nil` is English, as everywhere.
    ///   - place: Where the request comes from; `nil` when it came past the gateway.
    /// - Throws: ``RegistrationError``, ``PasswordError/weak(_:_:)``, ``PasswordError/tooManySignIns``.
    func register(_ input: RegistrationInput, in language: Language? = nil, from place: Place? = nil) async throws {
        guard let type = input.role.userType else { throw RegistrationError.adminRole }
        guard PlainWords.arePermitted(input.name) else { throw RegistrationError.badName }
        try PasswordRule.check(input.password, as: "password")
        if let mobile = input.mobile, !PhoneNumber.isValid(mobile) { throw RegistrationError.badMobile }
        let email = input.email.lowercased()
        if let place { try await admit(.mails(place: place)) }
        guard try await opening.accounts.findOwner(of: email, in: database) == nil else {
            throw RegistrationError.taken
        }
        try await admit(.code(email: email))
        let hash = try await hasher.hash(input.password)
        let (now, code) = (clock.now, OneTimeCode.make())
        let end = now + OneTimeCode.lifetime
        let registration = Registration(
            email: email, name: input.name, userType: type, mobile: input.mobile, hash: hash,
            codeDigest: digests.digest(of: code, for: email), codeExpiresAt: end,
            expiresAt: now + Registration.lifetime)
        try await database.transaction { tx in
            try await registrations.replace(registration, at: now, in: tx)
            try await mails.post(
                .code(code, to: input.email, in: language ?? .english, until: end), at: now, in: tx)
        }
    }

    /// Opens the account.
    ///
    /// - Throws: ``RegistrationError``, ``PasswordError/tooManySignIns``.
    func confirm(_ input: CodeInput) async throws {
        guard input.userData.role != .admin else { throw RegistrationError.adminRole }
        let email = input.email.lowercased()
        guard let registration = try await registrations.guess(email, at: clock.now, in: database),
            digests.matches(input.otp, for: email, registration.codeDigest)
        else { throw RegistrationError.wrongCode }
        try registration.check(input.userData)
        guard try await hasher.matches(input.userData.password, registration.hash) else {
            throw RegistrationError.differs("userData.password")
        }
        let now = clock.now
        try await database.transaction { tx in
            guard try await registrations.take(registration, in: tx) else { throw RegistrationError.wrongCode }
            guard try await opening.accounts.findOwner(of: email, in: tx) == nil,
                let account = try await opening.open(registration.account(plan: defaultPlan, at: now), in: tx)
            else { throw RegistrationError.taken }
            try await passwords.insert(
                StoredPassword(accountID: account.id, hash: registration.hash), email: email, at: now, in: tx)
        }
    }

    /// Has another code mailed, if somebody has registered with the address.
    ///
    /// - Throws: ``RegistrationError/tooManyMails(retryAfter:)``, alike for every address.
    func resend(to address: String, in language: Language? = nil, from place: Place? = nil) async throws {
        let email = address.lowercased()
        if let place { try await admit(.mails(place: place)) }
        try await admit(.resend(email: email))
        try await admit(.code(email: email))
        let now = clock.now
        try await mails.scheduler.schedule(
            RenewCode(id: .make(at: now), email: email, language: language), at: now, in: database)
    }

    private func renewCode(of email: String, in language: Language?) async throws {
        let (now, code) = (clock.now, OneTimeCode.make())
        let end = now + OneTimeCode.lifetime
        let digest = digests.digest(of: code, for: email)
        try await database.transaction { tx in
            guard try await registrations.renewCode(of: email, to: digest, until: end, at: now, in: tx) else { return }
            try await mails.post(.code(code, to: email, in: language ?? .english, until: end), at: now, in: tx)
        }
    }

    /// - Throws: ``RegistrationError/tooManyMails(retryAfter:)``
    private func admit(_ subject: AttemptSubject) async throws {
        let reservation = try await attempts.reserve(subject, at: clock.now, in: database)
        if case .refused(let wait) = reservation { throw RegistrationError.tooManyMails(retryAfter: wait) }
    }
}
