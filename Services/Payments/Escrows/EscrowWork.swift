import ServiceKit
import SharedModels

/// Resume an action that was begun and may not have ended. The subject is its key.
struct ResumeAction: WorkOnSubject {
    static let kind = "action.resume"
    let subject: String
}

/// Look at a payment that the client has not confirmed yet, as far as we know.
struct LookAtPayment: ScheduledWork {
    static let kind = "escrow.look"
    let milestone: MilestoneID
    /// When it was begun. The longer ago, the rarer it is looked at.
    let since: Timestamp

    var key: String { "\(milestone)" }
    var payload: JSONValue { ["since": .string("\(since)")] }

    init(milestone: MilestoneID, since: Timestamp) {
        self.milestone = milestone
        self.since = since
    }

    init(key: String, payload: JSONValue) throws {
        self.init(
            milestone: try UnreadableWork.read(key, "key"),
            since: try .read(payload["since"]))
    }
}

/// Capture a hold before it lapses.
struct CaptureHold: WorkOnSubject {
    static let kind = "escrow.capture"
    let subject: MilestoneID
}

/// Take back what a worker was paid of a disputed payment. The subject is the dispute's id at the provider.
struct ReverseTransfer: WorkOnSubject {
    static let kind = "transfer.reverse"
    let subject: String
}

/// Pay out an earning that is due.
struct PayOut: WorkOnSubject {
    static let kind = "escrow.payout"
    let subject: MilestoneID
}

extension Timestamp {
    /// The time in a payload.
    static func read(_ text: JSONValue?) throws(UnreadableWork) -> Self {
        guard let moment = text?.string.flatMap({ Self($0) }) else {
            throw UnreadableWork("since is no time: \(text?.string ?? "it is missing")")
        }
        return moment
    }
}
