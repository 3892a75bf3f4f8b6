import SharedModels

/// How the money of a contract is divided. Nothing is created or lost: the parts are the whole.
struct CheckoutShares: Equatable, Sendable {
    /// What the platform keeps.
    var fee: Money
    var client: Money
    var freelancer: Money

    init(fee: Money, client: Money, freelancer: Money) {
        self.fee = fee
        self.client = client
        self.freelancer = freelancer
    }

    /// A release: the freelancer gets all but the fee, which is rounded down to a whole paisa.
    init(releasing whole: Money, basisPoints: Int) {
        let split = FeeSplit(rest: whole, basisPoints: basisPoints)
        self.init(fee: split.fee, client: .zero(whole.currency), freelancer: split.earning)
    }

    /// A refund: the freelancer gets a part of the earning that grows with the contract's progress, rounded down. The
    /// client gets the rest.
    ///
    /// - Parameter stage: What the contract was when it was canceled.
    init(refunding whole: Money, at stage: CheckoutContractStatus, basisPoints: Int) {
        let split = FeeSplit(rest: whole, basisPoints: basisPoints)
        let share = Money(
            minorUnits: split.earning.minorUnits / 100 * stage.freelancerPercent
                + split.earning.minorUnits % 100 * stage.freelancerPercent / 100,
            currency: whole.currency)
        self.init(fee: split.fee, client: split.earning - share, freelancer: share)
    }

    var whole: Money { fee + client + freelancer }

    static func + (left: Self, right: Self) -> Self {
        Self(
            fee: left.fee + right.fee, client: left.client + right.client,
            freelancer: left.freelancer + right.freelancer)
    }

    static func - (left: Self, right: Self) -> Self {
        Self(
            fee: left.fee - right.fee, client: left.client - right.client,
            freelancer: left.freelancer - right.freelancer)
    }
}

extension CheckoutContractStatus {
    /// The freelancer's part of the earning when a contract is canceled.
    fileprivate var freelancerPercent: Int64 {
        switch self {
        case .pending: 0
        case .started: 15
        case .ongoing: 40
        // Contracts cancels none of these.
        case .completed: 100
        case .canceled: 0
        }
    }
}
