import SharedModels

/// A movement of the platform's balance at Stripe. Needs its `source` to be expanded.
struct StripeBalanceTransaction: StripeObject, Equatable {
    /// Movements between the platform's own places.
    private static let own: Set<String> = ["payout", "payout_cancel", "payout_failure", "topup"]
    /// What Stripe takes by a separate transaction.
    private static let fees: Set<String> = ["stripe_fee", "stripe_fx_fee", "tax_fee"]

    let id: String
    let createdAt: Timestamp
    /// What came or left (negative) by a deal, before Stripe's fee and in the currency that was asked for; `nil` for other
    /// movements, and in a currency that no deal has.
    let moved: Money?
    /// What Stripe kept of it; negative when it gave a fee back; `nil` for nothing.
    let kept: Money?

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let type = json["type"]?.string, let amount = json["amount"]?.integer,
            let settled = json["currency"]?.string, let fee = json["fee"]?.integer,
            let created = json["created"]?.integer
        else { return nil }
        self.id = id
        createdAt = Timestamp(seconds: created)
        let isFee = Self.fees.contains(type)
        kept = Self.money(isFee ? fee - amount : fee, settled)
        guard !isFee, !Self.own.contains(type) else {
            moved = nil
            return
        }
        // Stripe has converted it to a currency that the account keeps. The object that moved it says what was asked for.
        if let rate = json["exchange_rate"], !rate.isNull, let source = json["source"],
            let asked = (source["amount_captured"] ?? source["amount"])?.integer,
            let currency = source["currency"]?.string
        {
            moved = Self.money(amount < 0 ? -asked : asked, currency)
        } else {
            moved = Self.money(amount, settled)
        }
    }

    private static func money(_ amount: Int64, _ currency: String) -> Money? {
        guard amount != 0 else { return nil }
        return Currency(rawValue: currency).map { Money(minorUnits: amount, currency: $0) }
    }
}
