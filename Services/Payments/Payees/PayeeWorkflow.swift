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
    let escrows = EscrowStore()

    /// A new one-time link to the onboarding of `id`. Creates the account at Stripe if need be, also in place of one that
    /// was lost.
    ///
    /// - Throws: ``PayeeError/alreadyOnboarded(_:)``, also when Stripe says so and its event has not come yet.
    func onboardingLink(for id: AccountID) async throws -> String {
        if let known = try await payees.find(id, in: database)?.stripeAccountID { try await observe(known) }
        let account = try await account(of: id)
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

    /// Looks at the account of a payee whose payout was refused.
    func lookAtPayee(of milestone: MilestoneID) async throws {
        guard let escrow = try await escrows.find(milestone, in: database),
            let account = try await payees.find(escrow.workerID, in: database)?.stripeAccountID
        else { return }
        try await observe(account)
    }

    /// Follows a changed account at Stripe, if it is a payee's: its onboarding is finished, or withdrawn, or the account
    /// is lost to us.
    func observe(_ stripeAccountID: String) async throws {
        guard let payee = try await payees.find(stripeAccount: stripeAccountID, in: database) else { return }
        do {
            if try await finishOnboarding(of: stripeAccountID) || payee.onboardedAt == nil { return }
            try await pausePayouts { try await payees.markSuspended(stripeAccountID, at: $1, in: $0) }
        } catch ProviderError.missing {
            try await pausePayouts { try await payees.lose(stripeAccountID, at: $1, in: $0) }
        }
    }

    /// Gives up a payee's account at Stripe. The next onboarding link is for another one.
    ///
    /// - Returns: Whether there was an account.
    func replaceAccount(of id: AccountID) async throws -> Bool {
        guard let account = try await payees.find(id, in: database)?.stripeAccountID else { return false }
        try await pausePayouts { try await payees.lose(account, at: $1, in: $0) }
        return true
    }

    /// The payee is told that payouts wait for a new onboarding, and so is contracts.
    private func pausePayouts(_ change: (Transaction, Timestamp) async throws -> Payee?) async throws {
        try await database.transaction { tx in
            let now = clock.now
            guard let payee = try await change(tx, now) else { return }
            let id = payee.accountID
            try await outbox.append(
                Announcement(
                    PayoutsPaused.self, of: id, sequence: payee.version, to: [id], AccountReference(userID: id), at: now
                ),
                in: tx)
        }
    }

    /// Looks at an account at Stripe. If its onboarding is finished, it is recorded and announced, and what is due is paid
    /// out.
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
            for payout in try await escrows.payouts(to: id, in: tx) {
                try await scheduler.schedule(PayOut(payout.milestone), at: max(now, payout.at), in: tx)
            }
            try await outbox.append(
                Announcement(
                    PayeeOnboarded.self, of: id, sequence: payee.version, AccountReference(userID: id), at: now),
                in: tx)
        }
        return true
    }

    /// The payee's account at Stripe. Its idempotency key names the payee and the account it replaces, so it is created
    /// once.
    private func account(of id: AccountID) async throws -> String {
        let known = try await payees.find(id, in: database)
        if let payee = known {
            if payee.onboardedAt != nil { throw PayeeError.alreadyOnboarded(id) }
            if let account = payee.stripeAccountID { return account }
        }
        let made = try await stripe.harmlessly(
            "payee:\(id):account" + (known?.lostAccountID.map { ":\($0)" } ?? ""), at: clock.now
        ) {
            key async throws(ProviderError) in
            try await stripe.createAccount(for: id, idempotencyKey: key)
        }
        let payee = try await database.transaction { tx in
            try await payees.adopt(made.id, for: id, at: clock.now, in: tx)
        }
        return payee.stripeAccountID ?? made.id
    }
}
