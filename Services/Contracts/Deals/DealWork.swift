import ServiceKit
import SharedModels

/// A negotiation was idle for too long.
struct ExpireNegotiation: WorkOnSubject {
    static let kind = "negotiation.idle"
    let subject: NegotiationID
}

/// The activation deadline has come.
struct ExpireContract: WorkOnSubject {
    static let kind = "contract.expire"
    let subject: ContractID
}

/// Ask payments where a milestone's money is, after news of it.
struct RecheckFunding: WorkOnSubject {
    static let kind = "milestone.recheck"
    let subject: MilestoneID
}

/// A hold came too late and must be cancelled.
struct DropUnwantedHold: WorkOnSubject {
    static let kind = "milestone.unwanted_hold"
    let subject: MilestoneID
}

/// Finish taking out a milestone, whose process died.
struct ResumeWithdrawal: WorkOnSubject {
    static let kind = "milestone.withdraw"
    let subject: MilestoneID
}

/// The time to dispute delivered work is over.
struct ReleaseUndisputed: WorkOnSubject {
    static let kind = "milestone.deadline"
    let subject: MilestoneID
}

/// The time to dispute delivered work is almost over.
struct RemindOfRelease: WorkOnSubject {
    static let kind = "milestone.reminder"
    let subject: MilestoneID
}

/// Finish ending a contract whose process died.
struct ResumeEnd: WorkOnSubject {
    static let kind = "contract.end"
    let subject: ContractID
}

/// The time to answer a dispute is over.
struct ReviewUnanswered: WorkOnSubject {
    static let kind = "dispute.response"
    let subject: DisputeID
}

/// Finish a resolution whose process died.
struct ResumeResolution: WorkOnSubject {
    static let kind = "dispute.settle"
    let subject: DisputeID
}

/// A review has waited long enough for the other party's.
struct PublishReview: WorkOnSubject {
    static let kind = "review.publish"
    let subject: ReviewID
}

/// End the deals of a deleted account.
struct EndDeals: WorkOnSubject {
    static let kind = "account.left"
    let subject: AccountID
}

/// Finish a revision whose process died.
struct ResumeRevision: ScheduledWork {
    static let kind = "contract.revise"

    let contract: ContractID
    let notes: String
    /// Who asked for it.
    let caller: AccountID

    var key: String { "\(contract)" }
    var payload: JSONValue { ["notes": .string(notes), "user_id": .string("\(caller)")] }

    init(contract: ContractID, notes: String, caller: AccountID) {
        self.contract = contract
        self.notes = notes
        self.caller = caller
    }

    init(key: String, payload: JSONValue) throws {
        self.init(
            contract: try UnreadableWork.read(key, "key"), notes: payload["notes"]?.string ?? "",
            caller: try UnreadableWork.read(payload["user_id"]?.string, "user_id"))
    }
}

/// Finish a release whose process died.
struct ResumeRelease: ScheduledWork {
    static let kind = "milestone.release"

    let milestone: MilestoneID
    let contract: ContractID

    var key: String { "\(milestone)" }
    var payload: JSONValue { ["contract_id": .string("\(contract)")] }

    init(milestone: MilestoneID, contract: ContractID) {
        self.milestone = milestone
        self.contract = contract
    }

    init(key: String, payload: JSONValue) throws {
        self.init(
            milestone: try UnreadableWork.read(key, "key"),
            contract: try UnreadableWork.read(payload["contract_id"]?.string, "contract_id"))
    }
}
