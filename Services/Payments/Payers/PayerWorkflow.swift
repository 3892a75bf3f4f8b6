import Postgres
import ServiceKit
import SharedModels

/// Keeps the cards of those who pay, at Stripe: here is only which card it is.
struct PayerWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let stripe: StripeClient
    let payers = PayerStore()
    let escrows = EscrowStore()
    let fees = ArbitrationFeeStore()

    /// The payer's customer at Stripe, which is made once: its idempotency key names the payer.
    func customer(of id: AccountID) async throws -> String {
        if let payer = try await payers.find(id, in: database) { return payer.customerID }
        let made = try await stripe.createCustomer(for: id, idempotencyKey: "payer:\(id):customer")
        return try await database.transaction { tx in
            try await payers.adopt(made.id, for: id, at: clock.now, in: tx).customerID
        }
    }

    /// Has another customer made in place of one that Stripe no longer knows, as somebody deleted it there by hand.
    func replace(_ lost: String, of id: AccountID) async throws {
        let made = try await stripe.createCustomer(for: id, idempotencyKey: "payer:\(id):customer:\(lost)")
        try await database.transaction { tx in
            try await payers.replace(lost, by: made.id, of: id, at: clock.now, in: tx)
        }
    }

    /// Remembers the card that a payment was confirmed with, and has what the payer owes charged to it.
    func keep(_ cardID: String, of id: AccountID, _ customerID: String, in tx: Transaction) async throws {
        guard try await payers.keep(cardID, of: id, customerID, at: clock.now, in: tx) else { return }
        for dispute in try await fees.owed(by: id, in: tx) {
            try await scheduler.schedule(CollectFee(dispute), at: clock.now, in: tx)
        }
    }

    /// The account is deleted: its cards are to be forgotten, here and at Stripe.
    func leave(_ id: AccountID, in tx: Transaction) async throws {
        try await scheduler.schedule(ForgetPayer(id), at: clock.now, in: tx)
    }

    /// Deletes the payer's customer at Stripe, and with it the cards.
    ///
    /// - Returns: `false` while a payment is under way, which may need the customer or make one.
    func forget(_ id: AccountID) async throws -> Bool {
        if try await escrows.isBegun(by: id, in: database) { return false }
        if try await fees.isCharging(id, in: database) { return false }
        guard let payer = try await payers.find(id, in: database) else { return true }
        try await stripe.deleteCustomer(payer.customerID, idempotencyKey: "payer:\(id):forget:\(payer.customerID)")
        try await payers.delete(id, in: database)
        return true
    }
}
