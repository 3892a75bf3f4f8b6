public struct CheckoutInput: Model {
    /// What the payment page calls it.
    public let title: String
    /// What the client pays: the price of the contract, or of the job while there is no contract.
    public let rate: Rupees
    public let freelancerID: ObjectID<AccountKind>

    public static let rules: [String: MemberRule] = ["title": .text(1...200), "rate": .price]
}

/// The page on which a client pays.
public struct CheckoutView: Model {
    /// Stripe's id of the Checkout Session.
    public let id: String
    /// Where the client pays. It works until it expires or another one is asked for.
    public let url: String

    public init(id: String, url: String) {
        self.id = id
        self.url = url
    }
}

/// `/api/client/job/payment`.
public struct CheckoutEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.payments

    /// A page that was asked for before stops working. 409 when the deal is paid already, or a payment is under way.
    public let pay = Endpoint<CheckoutInput, CheckoutView>(
        "client.jobs.pay", .post, "/api/client/job/payment/{jobId}", of: Self.self, access: .client(.dealsWrite),
        errors: [.badRequest, .forbidden, .notFound, .conflict, .badGateway, .serviceUnavailable],
        idempotency: .resumable, "Pay for a job at Stripe")
}
