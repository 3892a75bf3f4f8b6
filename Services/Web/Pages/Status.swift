import SharedModels

/// What a state is called, and in which of five tones it is shown. The word says it; the tone only repeats it.
enum Status {
    enum Tone: String { case calm, going, waiting, good, bad }

    static func values(_ word: String, _ tone: Tone) -> Values { ["word": word, "tone": tone.rawValue] }

    static func gig(_ status: GigStatus) -> Values {
        switch status {
        case .draft: values("Draft", .calm)
        case .active: values("Open", .good)
        case .closed: values("Closed", .calm)
        }
    }

    static func application(_ status: ApplicationStatus) -> Values {
        switch status {
        case .applied: values("Applied", .waiting)
        case .shortlisted: values("Shortlisted", .good)
        case .rejected: values("Turned down", .calm)
        }
    }

    static func negotiation(_ state: NegotiationState) -> Values {
        switch state {
        case .pending: values("No terms yet", .waiting)
        case .inProgress: values("Negotiating", .going)
        case .pendingOwnerApproval: values("Agreed", .going)
        case .approved: values("Approved", .good)
        case .expired: values("Ended", .calm)
        }
    }

    static func contract(_ status: ContractStatus) -> Values {
        switch status {
        case .pendingOwnerApproval: values("To be approved", .waiting)
        case .pendingFreelancerKYC: values("Payouts to be set up", .waiting)
        case .pendingClientFunding: values("To be funded", .waiting)
        case .pendingBoth: values("Payouts and money to be set up", .waiting)
        case .active: values("Under way", .going)
        case .completed: values("Completed", .good)
        case .cancelled: values("Ended", .calm)
        case .expired: values("Expired", .calm)
        }
    }

    static func milestone(_ milestone: MilestoneView) -> Values {
        if milestone.disputeID != nil { return values("In dispute", .bad) }
        switch milestone.status {
        case .pending: return values("Not funded", .calm)
        case .funded: return values("Money held", .going)
        case .delivered: return values("Delivered", .waiting)
        case .released: return values("Released", .good)
        }
    }

    static func dispute(_ status: DisputeStatus) -> Values {
        switch status {
        case .open: values("Waits for an answer", .waiting)
        case .responded: values("Answered", .going)
        case .underReview: values("Under review", .going)
        case .resolved: values("Decided", .good)
        }
    }

    static func end(_ end: NegotiationEnd) -> String {
        switch end {
        case .decline: "Declined"
        case .rounds: "Out of rounds"
        case .silence: "Ended by silence"
        case .departure: "A party left"
        }
    }
}
