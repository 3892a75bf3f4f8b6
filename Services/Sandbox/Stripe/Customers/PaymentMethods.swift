import Postgres
import SharedModels

/// Stored cards. A card is stored by a payment that sets it up for its customer, or by hand. A detached card cannot pay
/// any more.
struct PaymentMethods: Sendable {
    let store: StripeObjectStore
    let events: StripeEvents
    let customers: Customers

    /// The card that a call names: a stored one or a test card in `payment_method`, or the card in
    /// `payment_method_data`.
    ///
    /// - Returns: `nil` when the call names no card.
    func named(by parameters: StripeParameters, in tx: Transaction) async throws -> PresentedCard? {
        if let id = try parameters.text("payment_method"), let card = try await find(id, in: tx) {
            return card
        }
        guard let card = try TestCard.named(by: parameters) else { return nil }
        return PresentedCard(card: card, billingDetails: try BillingDetails.read(parameters))
    }

    /// A stored card by its id, whose row is then locked, or a test card by its name.
    func find(_ id: String, in tx: Transaction) async throws -> PresentedCard? {
        guard let method = try await store.lock(id, .paymentMethod, in: tx) else {
            return TestCard.find(id).map { PresentedCard(card: $0) }
        }
        return PresentedCard(method)
    }

    /// Stores a card that a payment uses, or records what a stored card may now be used for.
    ///
    /// - Returns: The stored card.
    func setUp(
        _ card: PresentedCard, for customer: String, _ usage: SetupFutureUsage, _ work: StripeWork
    ) async throws -> PresentedCard {
        var method = card.stored ?? card.paymentMethod(customer: customer, at: work.now)
        if usage == .offSession { method.hidden = method.hidden.setting("is_set_up", true) }
        if card.stored == nil {
            try await attachNew(method, work)
        } else {
            try await store.save(method, work)
        }
        return PresentedCard(method) ?? card
    }

    /// Stores a test card by hand. A card that already belongs to the customer stays as it is.
    ///
    /// - Parameter id: A test card's name, from which each call stores a new card, or a stored card's id.
    /// - Throws: ``StripeError`` when the card's bank refuses, as for all declined cards, and when the card belongs to
    ///   another customer or was detached.
    func attach(_ id: String, to customer: String, _ work: StripeWork) async throws -> StripeObject {
        try await customers.check(customer, in: work.tx)
        let card = try await existing(id, in: work.tx)
        guard let method = card.stored else {
            if let decline = card.decline(isOffSession: false) { throw StripeError.declined(decline) }
            let method = card.paymentMethod(customer: customer, at: work.now)
            try await attachNew(method, work)
            return method
        }
        guard let owner = method["customer"].string else {
            throw StripeError.invalid(
                nil,
                "This PaymentMethod was previously used without being attached to a Customer or was detached "
                    + "from a Customer, and may not be used again.")
        }
        guard owner == customer else {
            throw StripeError.invalid(
                nil, "The payment method you provided has already been attached to a customer.")
        }
        return method
    }

    func detach(_ id: String, _ work: StripeWork) async throws -> StripeObject {
        guard var method = try await existing(id, in: work.tx).stored, !method["customer"].isNull else {
            throw StripeError.invalid(
                nil,
                "The payment method you provided is not attached to a customer so detachment is impossible.")
        }
        method["customer"] = nil
        try await store.save(method, work)
        try await events.emit("payment_method.detached", method, work)
        return method
    }

    /// The card that the path names.
    func existing(_ id: String, in tx: Transaction) async throws -> PresentedCard {
        // A token or a number is not an id, though `payment_method_data` may hold one.
        guard StripeKind(id: id) == .paymentMethod, let card = try await find(id, in: tx) else {
            throw StripeError.noSuch("PaymentMethod", id, parameter: "payment_method", inPath: true)
        }
        return card
    }

    private func attachNew(_ method: StripeObject, _ work: StripeWork) async throws {
        try await store.insert(method, work)
        try await events.emit("payment_method.attached", method, work)
    }
}
