import SharedModels

/// Somebody who pays: a customer at Stripe, whose card is kept for what may have to be charged later.
struct Payer: Sendable, Equatable {
    let accountID: AccountID
    let customerID: String
    /// The payment method of the latest payment; `nil` until one was confirmed.
    let cardID: String?
}
