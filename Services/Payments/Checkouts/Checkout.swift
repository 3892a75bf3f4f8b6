import ServiceKit
import SharedModels

/// A client's payment for a job: from the page on which it is made to the wallets in which it ends.
struct Checkout: Sendable, Equatable {
    let id: CheckoutID
    let jobID: GigID
    let clientID: AccountID
    let freelancerID: AccountID
    /// The contract that it was begun for; `nil` when the client pays before there is one.
    let quotedContractID: ContractID?
    /// What the payment page calls it.
    let title: String
    /// What was asked for.
    let amount: Money
    private(set) var state: CheckoutState
    /// The key of the action that is under way. Nothing else may move the money in the meantime.
    var moving: String?
    /// Stripe's id of the page. What Stripe says of other pages is not about this payment.
    private(set) var sessionID: String?
    private(set) var payment: Payment?
    private(set) var deal: Deal?
    private(set) var division: Division?
    var cancellation: Cancellation?
    /// Whether the client's bank disputes the payment. Nothing moves the money until that is decided.
    var isFrozen: Bool
    var version: Int64
    let createdAt: Timestamp
    let updatedAt: Timestamp

    /// What came.
    struct Payment: Sendable, Equatable {
        /// Stripe's id.
        let intentID: String
        let amount: Money
        /// The part that went back to the card.
        fileprivate(set) var returned: Money

        /// Begins the id of a payment that was imported and is not at the Stripe account that we use.
        static let importedPrefix = "imported:"

        /// Whether Stripe can be asked about it.
        var isAtStripe: Bool { !intentID.hasPrefix(Self.importedPrefix) }
    }

    /// The contract that took it.
    struct Deal: Sendable, Equatable {
        let contractID: ContractID
        /// `CON` and eight digits.
        let number: String
        let jobTitle: String
        let fundedAt: Timestamp
    }

    /// How it was divided. What others take back later is missing from the shares.
    struct Division: Sendable, Equatable {
        fileprivate(set) var shares: CheckoutShares
        let at: Timestamp
    }

    /// Why the contract is being canceled.
    struct Cancellation: Sendable, Equatable {
        let reason: String
        let description: String
    }

    /// - Parameter offer: With the contract that the quote named.
    init(_ id: CheckoutID, for offer: CheckoutOffer, title: String, at now: Timestamp) {
        self.init(
            id: id, jobID: offer.jobID, clientID: offer.clientUserID, freelancerID: offer.freelancerUserID,
            quotedContractID: offer.contractID, title: title, amount: Money.inr(paise: offer.amount),
            state: .opening, moving: nil,
            sessionID: nil, payment: nil, deal: nil, division: nil, cancellation: nil, isFrozen: false, version: 1,
            createdAt: now, updatedAt: now)
    }

    init(
        id: CheckoutID, jobID: GigID, clientID: AccountID, freelancerID: AccountID, quotedContractID: ContractID?,
        title: String, amount: Money,
        state: CheckoutState, moving: String?, sessionID: String?, payment: Payment?, deal: Deal?, division: Division?,
        cancellation: Cancellation?, isFrozen: Bool, version: Int64, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.jobID = jobID
        self.clientID = clientID
        self.freelancerID = freelancerID
        self.quotedContractID = quotedContractID
        self.title = title
        self.amount = amount
        self.state = state
        self.moving = moving
        self.sessionID = sessionID
        self.payment = payment
        self.deal = deal
        self.division = division
        self.cancellation = cancellation
        self.isFrozen = isFrozen
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// What contracts is asked about it.
    var offer: CheckoutOffer {
        CheckoutOffer(
            jobID: jobID, clientUserID: clientID, freelancerUserID: freelancerID, amount: amount.minorUnits,
            contractID: quotedContractID)
    }

    /// The money that came and has not gone back to the card.
    var rest: Money { payment.map { $0.amount - $0.returned } ?? .zero(amount.currency) }

    /// The currency in which it was paid.
    var currency: Currency { payment?.amount.currency ?? amount.currency }
}

/// The moves of ``CheckoutState/applying(_:)``, each with the data that it sets.
extension Checkout {
    mutating func open(_ sessionID: String) throws(IllegalCheckoutMove) {
        state = try state.applying(.open)
        self.sessionID = sessionID
    }

    mutating func process() throws(IllegalCheckoutMove) { state = try state.applying(.process) }

    mutating func end() throws(IllegalCheckoutMove) { state = try state.applying(.end) }

    mutating func pay(_ amount: Money, by intentID: String) throws(IllegalCheckoutMove) {
        state = try state.applying(.pay)
        payment = Payment(intentID: intentID, amount: amount, returned: .zero(amount.currency))
    }

    mutating func fund(_ contract: CheckoutContract, at now: Timestamp) throws(IllegalCheckoutMove) {
        state = try state.applying(.fund)
        deal = Deal(
            contractID: contract.contractID, number: contract.number, jobTitle: contract.jobTitle, fundedAt: now)
    }

    mutating func turnDown() throws(IllegalCheckoutMove) { state = try state.applying(.turnDown) }

    mutating func release(_ shares: CheckoutShares, at now: Timestamp) throws(IllegalCheckoutMove) {
        state = try state.applying(.release)
        division = Division(shares: shares, at: now)
    }

    mutating func refund(_ shares: CheckoutShares, at now: Timestamp) throws(IllegalCheckoutMove) {
        state = try state.applying(.refund)
        division = Division(shares: shares, at: now)
    }

    /// A part of the payment went back to the card, or came back (negative).
    mutating func changeReturned(by part: Money) {
        guard let returned = payment?.returned else { return }
        payment?.returned = returned + part
    }

    /// What the parties and the platform have of it changed, because a part of the payment went back or came back.
    mutating func divideAnew(_ shares: CheckoutShares) { division?.shares = shares }

    /// All of it went back to the card.
    mutating func giveBack() throws(IllegalCheckoutMove) { state = try state.applying(.giveBack) }

    mutating func comeBack() throws(IllegalCheckoutMove) { state = try state.applying(.comeBack) }
}
