import SharedModels

/// The part of a Stripe object that we use.
///
/// Members as in Stripe's API reference, https://docs.stripe.com/api, at ``StripeClient/version``.
protocol StripeObject: Sendable {
    /// - Returns: `nil` when a member we rely on is missing or of another type.
    init?(_ json: JSONValue)
}

/// A person who pays.
struct StripeCustomer: StripeObject, Equatable {
    let id: String

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string else { return nil }
        self.id = id
    }
}

/// A client's payment of one milestone, or of an arbitration fee.
struct PaymentIntent: StripeObject, Equatable {
    /// How far a payment got.
    enum Progress: Sendable, Equatable {
        /// Waits for the payer: to name a card, to confirm, or to prove their identity.
        case waiting
        /// The bank has not answered yet.
        case processing
        case capturable, captured, cancelled
    }

    let id: String
    let progress: Progress
    /// In minor units.
    let amount: Int64
    /// In minor units; 0 until the capture.
    let amountReceived: Int64
    let clientSecret: String?
    /// When the hold lapses, if the card's network says so. Needs `latest_charge` to be expanded.
    let captureBefore: Timestamp?
    let customerID: String?
    /// The card it was confirmed with.
    let paymentMethodID: String?
    /// The latest request to the bank; `nil` when there was none, or it was not asked for.
    let charge: StripeCharge?
    /// From our metadata; `nil` for a payment without a milestone.
    let milestoneID: MilestoneID?
    /// From our metadata: the key of the action that made it.
    let action: String?

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let amount = json["amount"]?.integer,
            let status = json["status"]?.string
        else { return nil }
        self.id = id
        self.amount = amount
        progress =
            switch status {
            case "requires_capture": .capturable
            case "succeeded": .captured
            case "canceled": .cancelled
            case "processing": .processing
            default: .waiting
            }
        amountReceived = json["amount_received"]?.integer ?? 0
        clientSecret = json["client_secret"]?.string
        let card = json["latest_charge"]?["payment_method_details"]?["card"]
        charge = json["latest_charge"].flatMap { StripeCharge($0) }
        captureBefore = card?["capture_before"]?.integer.map { Timestamp(seconds: $0) }
        customerID = json["customer"]?.string
        paymentMethodID = json["payment_method"]?.string
        milestoneID = json["metadata"]?["milestone_id"]?.string.flatMap { MilestoneID($0) }
        action = json["metadata"]?["action"]?.string
    }
}

/// A payee's account.
struct StripeAccount: StripeObject, Equatable {
    let id: String
    /// Whether its owner has told Stripe all it wants, so that it can receive our transfers and pay them out.
    let isOnboarded: Bool

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string else { return nil }
        self.id = id
        isOnboarded =
            json["details_submitted"]?.bool == true && json["payouts_enabled"]?.bool == true
            && json["capabilities"]?["transfers"]?.string == "active"
    }
}

struct StripeAccountLink: StripeObject, Equatable {
    let url: String

    init?(_ json: JSONValue) {
        guard let url = json["url"]?.string else { return nil }
        self.url = url
    }
}

struct StripeTransfer: StripeObject, Equatable {
    let id: String
    /// In minor units.
    let amount: Int64
    /// Whether all of it was taken back.
    let isReversed: Bool
    /// From our metadata.
    let milestoneID: MilestoneID?

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let amount = json["amount"]?.integer else { return nil }
        self.id = id
        self.amount = amount
        isReversed = json["reversed"]?.bool ?? false
        milestoneID = json["metadata"]?["milestone_id"]?.string.flatMap { MilestoneID($0) }
    }
}

/// Money on its way back to a card.
struct StripeRefund: StripeObject, Equatable {
    let id: String
    /// In minor units.
    let amount: Int64
    let status: String
    /// From our metadata: the key of the action that made it.
    let action: String?

    let paymentIntentID: String?
    /// Whether its money has left our balance. That of a pending one may have.
    let hasLeft: Bool
    /// Not at the card's bank yet.
    var isPending: Bool { status == "pending" || status == "requires_action" }
    /// Neither failed nor cancelled. Most refunds arrive within days.
    var isUnderWay: Bool { status != "failed" && status != "canceled" }

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let amount = json["amount"]?.integer,
            let status = json["status"]?.string
        else { return nil }
        self.id = id
        self.amount = amount
        self.status = status
        paymentIntentID = json["payment_intent"]?.string
        action = json["metadata"]?["action"]?.string
        hasLeft = !(status == "pending" || status == "requires_action") || json["balance_transaction"]?.isNull == false
    }
}

/// A page of objects of one kind.
struct StripeList<Element: StripeObject>: StripeObject {
    let elements: [Element]
    let hasMore: Bool
    /// Where the next page begins.
    let lastID: String?

    init?(_ json: JSONValue) {
        guard let data = json["data"]?.array else { return nil }
        elements = data.compactMap(Element.init)
        hasMore = json["has_more"]?.bool ?? false
        lastID = data.last?["id"]?.string
    }
}
