/// The currencies of the sandbox's Stripe: some of Stripe's, in lower case.
enum Currencies {
    static let known: Set<String> = [
        "aud", "brl", "cad", "chf", "czk", "dkk", "eur", "gbp", "hkd", "huf", "idr", "inr", "jpy", "krw",
        "mxn", "myr", "nok",
        "nzd", "php", "pln", "ron", "sek", "sgd", "thb", "try", "usd", "zar",
    ]
    /// The smallest payment that Stripe accepts, in minor units: 0.50 for usd and inr, and here for all currencies.
    static let smallestPayment: Int64 = 50
    /// Stripe takes amounts of up to eight digits.
    static let largestPayment: Int64 = 99_999_999

    static func read(_ parameters: StripeParameters, _ name: String = "currency") throws(StripeError)
        -> String
    {
        let currency = try parameters.required(name).lowercased()
        guard known.contains(currency) else {
            throw .invalid(
                nil,
                "Invalid currency: \(currency.prefix(20)). Stripe currently supports these currencies: "
                    + known.sorted().joined(separator: ", "), name)
        }
        return currency
    }

    /// Refuses an amount that cannot be paid.
    static func check(payment amount: Int64, _ currency: String, _ name: String = "amount")
        throws(StripeError)
    {
        guard amount >= smallestPayment else {
            throw .invalid(
                "amount_too_small",
                "Amount must be at least \(smallestPayment) of the smallest unit of \(currency)", name)
        }
        guard amount <= largestPayment else {
            throw .invalid(
                "amount_too_large",
                "Amount must be no more than \(largestPayment) of the smallest unit of \(currency)", name)
        }
    }
}
