/// The answers in Stripe's form, as far as payments reads them.
extension FakeStripe {
    static let unexpected: (UInt, String) = (
        400, #"{"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state"}}"#
    )

    static let otherRequest: (UInt, String) = (
        400, #"{"error":{"type":"idempotency_error","message":"the key is used for another request"}}"#
    )

    static let missing: (UInt, String) = (
        404, #"{"error":{"type":"invalid_request_error","code":"resource_missing"}}"#
    )

    static func json(_ intent: Intent) -> String {
        let charge = intent.captureBefore.map {
            #","latest_charge":{"id":"ch_1","payment_method_details":{"card":{"capture_before":\#($0)}}}"#
        }
        return """
            {"id":"\(intent.id)","object":"payment_intent","status":"\(intent.status)",\
            "amount":\(intent.amount),"amount_received":\(intent.received),\
            "client_secret":"\(intent.id)_secret","customer":"\(intent.customer)",\
            "payment_method":\(intent.card.map { "\"\($0)\"" } ?? "null"),\
            "metadata":{"milestone_id":"\(intent.milestone)","action":"\(intent.action)"}\(charge ?? "")}
            """
    }

    static func json(_ transfer: Transfer) -> String {
        """
        {"id":"\(transfer.id)","object":"transfer","amount":\(transfer.amount),\
        "metadata":{"milestone_id":"\(transfer.milestone)"}}
        """
    }

    static func json(_ refund: Refund) -> String {
        """
        {"id":"re_\(refund.action)","object":"refund","amount":\(refund.amount),"status":"succeeded",\
        "metadata":{"action":"\(refund.action)"}}
        """
    }

    static func sums(_ refunds: [Refund]) -> [String: Int64] {
        Dictionary(refunds.map { ($0.payment, $0.amount) }, uniquingKeysWith: +)
    }

    static func account(_ id: String, _ isOnboarded: Bool) -> String {
        let transfers = isOnboarded ? "active" : "inactive"
        return """
            {"id":"\(id)","object":"account","details_submitted":\(isOnboarded),\
            "payouts_enabled":\(isOnboarded),"capabilities":{"transfers":"\(transfers)"}}
            """
    }
}
