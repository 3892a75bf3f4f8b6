import Postgres
import ServiceKit
import SharedModels

/// Keeps the cards of payers at Stripe. Our database only stores which card it is.
struct PayerWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let stripe: StripeClient
    let payers = PayerStore()
    let escrows = EscrowStore()
    let fees = ArbitrationFeeStore()

    /// The payer's customer at Stripe. Its idempotency key names the payer, so it is created once.
    func customer(of id: AccountID) async throws -> String {
        if let payer = try await payers.find(id, in: database) { return payer.customerID }
        let made = try await stripe.harmlessly("payer:\(id):customer", at: clock.now) {
            key async throws(ProviderError) in
            try await stripe.createCustomer(for: id, idempotencyKey: key)
        }
        return try await database.transaction { tx in
            try await payers.adopt(made.id, for: id, at: clock.now, in: tx).customerID
        }
    }

    /// Creates another customer in place of one that somebody deleted at Stripe by hand.
    func replace(_ lost: String, of id: AccountID) async throws {
        let made = try await stripe.harmlessly("payer:\(id):customer:\(lost)", at: clock.now) {
            key async throws(ProviderError) in
            try await stripe.createCustomer(for: id, idempotencyKey: key)
        }
        try await database.transaction { tx in
            try await payers.replace(lost, by: made.id, of: id, at: clock.now, in: tx)
        }
    }

    /// Stores the card that a payment was confirmed with, and charges the payer's debts to it.
    func keep(_ cardID: String, of id: AccountID, _ customerID: String, in tx: Transaction) async throws {
        guard try await payers.setCard(cardID, of: id, customerID, at: clock.now, in: tx) else { return }
        for dispute in try await fees.owed(by: id, in: tx) {
            try await scheduler.schedule(CollectFee(dispute), at: clock.now, in: tx)
        }
    }

    /// The account is deleted, so its cards must be deleted, here and at Stripe.
    func leave(_ id: AccountID, in tx: Transaction) async throws {
        try await scheduler.schedule(ForgetPayer(id), at: clock.now, in: tx)
    }

    /// Deletes the payer's customer at Stripe, and its cards with it.
    ///
    /// - Returns: `false` while a payment is under way that may need or create the customer.
    func forget(_ id: AccountID) async throws -> Bool {
        if try await escrows.isBegun(by: id, in: database) { return false }
        if try await fees.isCharging(id, in: database) { return false }
        guard let payer = try await payers.find(id, in: database) else { return true }
        try await stripe.harmlessly("payer:\(id):forget:\(payer.customerID)", at: clock.now) {
            key async throws(ProviderError) in
            try await stripe.deleteCustomer(payer.customerID, idempotencyKey: key)
        }
        try await payers.delete(id, in: database)
        return true
    }
}
