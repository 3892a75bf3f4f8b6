import Postgres

/// The kinds of objects in the sandbox's Stripe. The raw value is Stripe's `object`.
enum StripeKind: String, CaseIterable, Sendable, PostgresValue {
    case paymentIntent = "payment_intent"
    case charge
    case refund
    case customer
    case paymentMethod = "payment_method"
    case account
    case accountLink = "account_link"
    case transfer
    case transferReversal = "transfer_reversal"
    case dispute
    case balanceTransaction = "balance_transaction"
    case payout
    case checkoutSession = "checkout.session"
    case event

    /// What its ids begin with.
    var idPrefix: String {
        switch self {
        case .paymentIntent: "pi_"
        case .charge: "ch_"
        case .refund: "re_"
        case .customer: "cus_"
        case .paymentMethod: "pm_"
        case .account: "acct_"
        case .accountLink: "alnk_"
        case .transfer: "tr_"
        case .transferReversal: "trr_"
        case .dispute: "dp_"
        case .balanceTransaction: "txn_"
        case .payout: "po_"
        case .checkoutSession: "cs_test_"
        case .event: "evt_"
        }
    }

    /// Its name in `/sandbox/stripe/state`.
    var collectionName: String {
        switch self {
        case .checkoutSession: "checkout_sessions"
        default: rawValue + "s"
        }
    }

    /// Account links cannot be looked up.
    var isShownInState: Bool { self != .accountLink }

    /// Whether its objects say that no real money is meant.
    var saysItsMode: Bool {
        switch self {
        case .refund, .account, .accountLink, .transferReversal, .balanceTransaction: false
        case .paymentIntent, .charge, .customer, .paymentMethod, .transfer, .dispute, .payout, .checkoutSession, .event:
            true
        }
    }

    func makeID() -> String {
        switch self {
        case .account: idPrefix + RandomText.alphanumeric(16)
        case .customer: idPrefix + RandomText.alphanumeric(14)
        case .paymentMethod: idPrefix + "1" + RandomText.alphanumeric(23)
        case .accountLink: idPrefix + RandomText.alphanumeric(32)
        case .checkoutSession: idPrefix + RandomText.alphanumeric(58)
        case .paymentIntent, .charge, .refund, .transfer, .transferReversal, .dispute, .balanceTransaction, .payout,
            .event:
            idPrefix + "3" + RandomText.alphanumeric(23)
        }
    }

    /// The kind of an id.
    init?(id: String) {
        guard let kind = Self.allCases.first(where: { id.hasPrefix($0.idPrefix) }) else { return nil }
        self = kind
    }
}
