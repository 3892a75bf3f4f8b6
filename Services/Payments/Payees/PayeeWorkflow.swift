import Postgres
import ServiceKit
import SharedModels

/// Prepares workers to be paid: each has an Express account at Stripe and finishes its onboarding there.
struct PayeeWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let outbox: Outbox
    let scheduler: Scheduler
    let stripe: StripeClient
    /// The page that payees come back to.
    let clientURL: String
    let payees = PayeeStore()

    /// A new one-time link to the onboarding of `id`. Creates the account at Stripe if need be.
    ///
    /// - Throws: ``PayeeError/alreadyOnboarded(_:)``, also when Stripe says so and its event has not come yet.
    func onboardingLink(for id: AccountID) async throws -> String {
        let account = try await account(of: id)
        if try await finishOnboarding(of: account) { throw PayeeError.alreadyOnboarded(id) }
        let now = clock.now
        let link = try await stripe.createAccountLink(
            account, returnURL: clientURL + "/payouts/onboarded",
            refreshURL: clientURL + "/payouts/onboarding",
            idempotencyKey: "payee:\(id):link:\(ClaimID.make(at: now))")
        try await scheduler.schedule(
            LookAtPayee(account: id, since: now), at: now + pause(lookingSince: now, at: now), in: database)
        return link.url
    }

    /// Looks at a payee who was given a link, in case the event never comes.
    ///
    /// - Returns: Whether the onboarding is not finished yet.
    func lookAt(_ id: AccountID) async throws -> Bool {
        guard let payee = try await payees.find(id, in: database), payee.onboardedAt == nil,
            let account = payee.stripeAccountID
        else { return false }
        return try await !finishOnboarding(of: account)
    }

    /// Follows a changed account at Stripe if it belongs to a payee whose onboarding is not finished.
    func observe(_ stripeAccountID: String) async throws {
        guard try await payees.isAwaited(stripeAccountID, in: database) else { return }
        try await finishOnboarding(of: stripeAccountID)
    }

    /// Looks at an account at Stripe. Records and announces the onboarding if it is finished.
    ///
    /// - Returns: Whether it is finished.
    @discardableResult
    func finishOnboarding(of stripeAccountID: String) async throws -> Bool {
        guard try await stripe.account(stripeAccountID).isOnboarded else { return false }
        try await database.transaction { tx in
            let now = clock.now
            guard let payee = try await payees.markOnboarded(stripeAccountID, at: now, in: tx) else { return }
            let id = payee.accountID
            try await scheduler.cancel(LookAtPayee.self, key: "\(id)", in: tx)
            try await outbox.append(
                Announcement(
                    PayeeOnboarded.self, of: id, sequence: payee.version, AccountReference(userID: id), at: now),
                in: tx)
        }
        return true
    }

    /// The payee's account at Stripe. Its idempotency key names the payee, so it is created once.
    private func account(of id: AccountID) async throws -> String {
        if let payee = try await payees.find(id, in: database) {
            if payee.onboardedAt != nil { throw PayeeError.alreadyOnboarded(id) }
            if let account = payee.stripeAccountID { return account }
        }
        let made = try await stripe.harmlessly("payee:\(id):account", at: clock.now) {
            key async throws(ProviderError) in
            try await stripe.createAccount(for: id, idempotencyKey: key)
        }
        let payee = try await database.transaction { tx in
            try await payees.adopt(made.id, for: id, at: clock.now, in: tx)
        }
        return payee.stripeAccountID ?? made.id
    }
}
