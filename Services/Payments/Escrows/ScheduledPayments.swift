import ServiceKit
import SharedModels

/// Resume an action that was begun and may not have ended. The subject is its key.
struct ResumeAction: WorkOnSubject {
    static let kind = "action.resume"
    let subject: String
}

/// Capture a hold before it lapses.
struct CaptureHold: WorkOnSubject {
    static let kind = "escrow.capture"
    let subject: MilestoneID
}

/// Pay out an earning that is due.
struct PayOut: WorkOnSubject {
    static let kind = "escrow.payout"
    let subject: MilestoneID
}

/// Charge an arbitration fee to a card.
struct CollectFee: WorkOnSubject {
    static let kind = "arbitration.collect"
    let subject: DisputeID
}

/// Delete the cards of a payer whose account was deleted.
struct ForgetPayer: WorkOnSubject {
    static let kind = "payer.forget"
    let subject: AccountID
}

/// Follow up an event of Stripe. The subject is its id.
struct LookIntoStripeEvent: WorkOnSubject {
    static let kind = "stripe.event"
    let subject: String
}
