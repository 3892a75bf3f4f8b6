import SharedModels

/// Postings of the flow `escrow_checkout`.
extension Posting {
    /// A client's payment came in and waits for its contract.
    static func payment(_ checkout: CheckoutID, _ payment: String, _ amount: Money) -> Self {
        Self(
            .capture, key: captureKey(of: payment), of: checkout.uuid,
            [
                (.provider(amount.currency), -amount.minorUnits),
                (.escrow(checkout, amount.currency), amount.minorUnits),
            ])
    }

    /// The payment became the platform's fee and the freelancer's earning.
    static func release(_ checkout: Checkout, _ shares: CheckoutShares) -> Self {
        Self(.release, key: "checkout:\(checkout.id):release", of: checkout.id.uuid, entries(checkout, shares))
    }

    /// The payment of a canceled contract was divided.
    static func division(_ checkout: Checkout, _ shares: CheckoutShares) -> Self {
        Self(.division, key: "checkout:\(checkout.id):refund", of: checkout.id.uuid, entries(checkout, shares))
    }

    private static func entries(_ checkout: Checkout, _ shares: CheckoutShares) -> [(LedgerAccount, Int64)] {
        let currency = checkout.currency
        return [
            (.escrow(checkout.id, currency), -shares.whole.minorUnits),
            (.revenue(currency), shares.fee.minorUnits),
            (.wallet(checkout.clientID, currency), shares.client.minorUnits),
            (.wallet(checkout.freelancerID, currency), shares.freelancer.minorUnits),
        ]
    }
}
