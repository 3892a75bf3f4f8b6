import ServiceKit
import SharedModels

/// An action that was begun and may not have ended; named by its key.
struct ResumeAction: WorkOnSubject {
    static let kind = "action.resume"
    let subject: String
}

/// A hold must be captured before it lapses.
struct CaptureHold: WorkOnSubject {
    static let kind = "escrow.capture"
    let subject: MilestoneID
}

/// An earning is due.
struct PayOut: WorkOnSubject {
    static let kind = "escrow.payout"
    let subject: MilestoneID
}

/// An arbitration fee is to be asked of a card.
struct CollectFee: WorkOnSubject {
    static let kind = "arbitration.collect"
    let subject: DisputeID
}

/// The cards of a payer who is gone are to be forgotten.
struct ForgetPayer: WorkOnSubject {
    static let kind = "payer.forget"
    let subject: AccountID
}

/// An event of Stripe's, named by its id, is to be looked into.
struct LookIntoStripeEvent: WorkOnSubject {
    static let kind = "stripe.event"
    let subject: String
}
