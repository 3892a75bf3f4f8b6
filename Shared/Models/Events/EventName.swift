/// The events that users can subscribe to: the twelve of the ClawConnected surface in its own order, then ours.
public enum EventName: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case gigCreated = "gig.created"
    case gigUpdated = "gig.updated"
    case gigDeleted = "gig.deleted"
    case applicationCreated = "gig.application.created"
    case applicationUpdated = "gig.application.updated"
    case negotiationCreated = "negotiation.created"
    case negotiationUpdated = "negotiation.updated"
    case contractCreated = "contract.created"
    case contractUpdated = "contract.updated"
    case milestoneFunded = "contract.milestone.funded"
    case milestoneReleased = "contract.milestone.released"
    case disputeCreated = "dispute.created"
    case keyExpiring = "key.expiring"
    case milestoneReleaseDue = "contract.milestone.release_due"
    case milestoneMoneyChanged = "contract.milestone.money_changed"
    case contractMoneyChanged = "contract.money_changed"
    case payoutsPaused = "payouts.paused"
    case walletPaidOut = "wallet.paid_out"
    case messageReceived = "message.received"
    case conversationStarted = "conversation.started"
    case profileUpdated = "profile.updated"
    case matchCreated = "match.created"
    case matchAccepted = "match.accepted"
    case matchRejected = "match.rejected"
    case caseOpened = "case.opened"

    /// The events for a subscriber that names none: the surface's twelve. The others must be asked for by name.
    public static let standard = allCases.filter { $0.event.isStandard }

    /// The type that defines the event.
    public var event: any UserEvent.Type {
        switch self {
        case .gigCreated: GigCreated.self
        case .gigUpdated: GigUpdated.self
        case .gigDeleted: GigDeleted.self
        case .applicationCreated: ApplicationCreated.self
        case .applicationUpdated: ApplicationUpdated.self
        case .negotiationCreated: NegotiationCreated.self
        case .negotiationUpdated: NegotiationUpdated.self
        case .contractCreated: ContractCreated.self
        case .contractUpdated: ContractUpdated.self
        case .milestoneFunded: MilestoneFunded.self
        case .milestoneReleased: MilestoneReleased.self
        case .disputeCreated: DisputeCreated.self
        case .keyExpiring: KeyExpiring.self
        case .milestoneReleaseDue: MilestoneReleaseDue.self
        case .milestoneMoneyChanged: MilestoneMoneyChanged.self
        case .contractMoneyChanged: ContractMoneyChanged.self
        case .payoutsPaused: PayoutsPaused.self
        case .walletPaidOut: WalletPaidOut.self
        case .messageReceived: MessageReceived.self
        case .conversationStarted: ConversationStarted.self
        case .profileUpdated: ProfileUpdated.self
        case .matchCreated: MatchCreated.self
        case .matchAccepted: MatchAccepted.self
        case .matchRejected: MatchRejected.self
        case .caseOpened: CaseOpened.self
        }
    }
}

/// The events that services send each other and no user sees.
public enum InternalEventName: String, CaseIterable, Sendable {
    case accountCreated = "account.created"
    case accountUpdated = "account.updated"
    case accountDeleted = "account.deleted"
    case accountBlocked = "account.blocked"
    case accountUnblocked = "account.unblocked"
    case adminAppointed = "admin.appointed"
    case payeeOnboarded = "payee.onboarded"
    case escrowFunded = "escrow.funded"
    case escrowLapsed = "escrow.lapsed"
    case disputeLost = "dispute.lost"
    case checkoutContractChanged = "checkout.contract.changed"
    case messageCounted = "message.counted"
    case noticeAdded = "notice.added"

    /// The type that defines the event.
    public var event: any InternalEvent.Type {
        switch self {
        case .accountCreated: AccountCreated.self
        case .accountUpdated: AccountUpdated.self
        case .accountDeleted: AccountDeleted.self
        case .accountBlocked: AccountBlocked.self
        case .accountUnblocked: AccountUnblocked.self
        case .adminAppointed: AdminAppointed.self
        case .payeeOnboarded: PayeeOnboarded.self
        case .escrowFunded: EscrowFunded.self
        case .escrowLapsed: EscrowLapsed.self
        case .disputeLost: DisputeLost.self
        case .checkoutContractChanged: CheckoutContractChanged.self
        case .messageCounted: MessageCounted.self
        case .noticeAdded: NoticeAdded.self
        }
    }
}

/// All events.
public enum Events {
    public static let all: [any Event.Type] =
        EventName.allCases.map { $0.event as any Event.Type }
        + InternalEventName.allCases.map { $0.event as any Event.Type }

    /// The events that `service` receives.
    public static func told(to service: ServiceName) -> [any Event.Type] {
        all.filter { $0.destinations.contains(service) }
    }
}
