import SharedModels

/// Somebody who is paid.
struct Payee: Sendable, Equatable {
    let accountID: AccountID
    /// The account at Stripe; `nil` until it is made.
    let stripeAccountID: String?
    let onboardedAt: Timestamp?
    /// The account before, which was lost to us.
    let lostAccountID: String?
    let version: Int64

    /// Where transfers go; `nil` until onboarding is finished.
    var destination: String? { onboardedAt == nil ? nil : stripeAccountID }
}
