import SharedModels

/// Who of an event's recipients has it in the inbox. Pure.
///
/// A job of Skillhouse is told to the side that waits for what happened, as its contract says (section 7), and not to the
/// side that did it. On the flow of milestones both sides have everything. Webhooks, channels and the feed have every
/// event, whatever the side: somebody has subscribed to them.
enum NoticeSides: Sendable, Equatable {
    case client
    case worker
    case both
    case neither

    /// - Parameters:
    ///   - event: The event's name.
    ///   - data: The event's data.
    init(of event: String, _ data: JSONValue) {
        guard data["flow"]?.string == DealFlow.escrowCheckout.rawValue, let name = EventName(rawValue: event) else {
            self = .both
            return
        }
        self =
            switch name {
            case .gigCreated, .gigUpdated, .gigDeleted: .neither
            case .applicationCreated: .client
            case .applicationUpdated: data["withdrawn"]?.bool == true ? .client : .worker
            case .contractCreated: .worker
            case .contractUpdated: Self.waiting(for: data["checkout"])
            case .negotiationCreated, .negotiationUpdated, .milestoneFunded, .milestoneReleased, .milestoneReleaseDue,
                .milestoneMoneyChanged, .contractMoneyChanged, .disputeCreated, .keyExpiring, .payoutsPaused,
                .walletPaidOut, .messageReceived, .conversationStarted, .profileUpdated, .matchCreated, .matchAccepted,
                .matchRejected, .caseOpened:
                .both
            }
    }

    private static func waiting(for news: JSONValue?) -> Self {
        switch news?["change"]?.string.flatMap(CheckoutChange.init) {
        case .approved, .progressed: .client
        case .created, .paid, .releaseRequested: .worker
        case .canceled:
            switch news?["canceled_by"]?.string.flatMap(CheckoutCanceller.init) {
            case .client: .worker
            case .freelancer: .client
            case nil: .both
            }
        // An admin did it.
        case .released, nil: .both
        }
    }

    func include(_ side: PartyRole) -> Bool {
        switch self {
        case .client: side == .client
        case .worker: side == .worker
        case .both: true
        case .neither: false
        }
    }

    /// The side of a recipient. The data of an application name the worker alone.
    static func side(of account: AccountID, _ data: JSONValue) -> PartyRole {
        data["worker_user_id"]?.string.flatMap { AccountID($0) } == account ? .worker : .client
    }
}

extension EventEnvelope {
    /// The recipients that do not have it in the inbox.
    var unnoticed: [AccountID] {
        let sides = NoticeSides(of: name, data)
        return recipients.filter { !sides.include(NoticeSides.side(of: $0, data)) }
    }
}
