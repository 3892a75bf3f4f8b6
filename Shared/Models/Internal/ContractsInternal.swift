/// Contracts' answers.
public struct ContractsInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.contracts

    /// How long ``depart`` keeps an account out: longer than a deletion takes once nothing is open.
    public static let reservation = Duration.seconds(60)

    /// Whether an account has negotiations or contracts that are not over, as client or as worker.
    public let openDeals = Endpoint<NoInput, OpenDeals>(
        "internal.accounts.deals", .get, "/internal/accounts/{id}/open-deals", of: Self.self,
        access: .service(from: [.talent]),
        "An account's deals that are not over")
    /// Blocks every move on the deals of an account that is being deleted, for ``reservation``. While the account has
    /// open money or an open dispute, it blocks nothing and answers what is open. `account.deleted` makes the block
    /// permanent. A repeat restarts the time. Departures with different ids are independent.
    public let depart = Endpoint<NoInput, DeletionBlockers>(
        "internal.accounts.depart", .put, "/internal/accounts/{id}/departures/{departureId}", of: Self.self,
        access: .service(from: [.auth]), "Keep an account out of its deals, or say what is open in them")
    /// Ends this departure's block because the account stays. A repeat changes nothing.
    public let stay = Endpoint<NoInput, NoOutput>(
        "internal.accounts.stay", .delete, "/internal/accounts/{id}/departures/{departureId}", of: Self.self,
        access: .service(from: [.auth]), success: 204, "Let an account move again")
    /// Whether a milestone's hold must be captured before it lapses. Before the contract is active the answer is no:
    /// when the contract expires, the hold is let go.
    public let hold = Endpoint<NoInput, HoldNeed>(
        "internal.milestones.hold", .get, "/internal/milestones/{id}/hold", of: Self.self,
        access: .service(from: [.payments]),
        errors: [.notFound], "Whether a hold must outlast its time")
    /// Which of the given negotiations are over, together with the contracts made from them. Jobs asks this before it
    /// refuses a request because of a deal, as the event that ends the deal can still be on its way.
    public let ended = Endpoint<NegotiationIDs, NegotiationIDs>(
        "internal.negotiations.ended", .post, "/internal/negotiations/ended", of: Self.self,
        access: .service(from: [.jobs]),
        "Which negotiations are over")
    /// What two accounts have to do with each other, in either role. Messages asks it before the first message.
    public let between = Endpoint<AccountPair, SharedDeals>(
        "internal.deals.between", .post, "/internal/deals/between", of: Self.self, access: .service(from: [.messages]),
        "The deals of two accounts with each other")
    /// With whom an account has a contract that was not deleted, in either role: at most 1,000, the latest first. Messages
    /// tells them whether the account is there.
    public let partners = Endpoint<NoInput, DealPartners>(
        "internal.deals.partners", .get, "/internal/accounts/{id}/deal-partners", of: Self.self,
        access: .service(from: [.messages]), "With whom an account has contracts")
    public let work = Endpoint<NoInput, ServiceWork>.work(of: Self.self)
    public let receiveEvents = Endpoint<EventBatch, NoOutput>.events(of: Self.self, from: [.auth, .payments])
}

public struct OpenDeals: Model {
    public let asClient: Int
    public let asWorker: Int

    public init(asClient: Int, asWorker: Int) {
        self.asClient = asClient
        self.asWorker = asWorker
    }
}

/// Two accounts, in no order.
public struct AccountPair: Model, Equatable {
    public let userID: AccountID
    public let otherUserID: AccountID

    public init(_ userID: AccountID, _ otherUserID: AccountID) {
        self.userID = userID
        self.otherUserID = otherUserID
    }
}

public struct SharedDeals: Model, Equatable {
    /// A negotiation that is not over, or a contract that was neither cancelled nor expired.
    public let isLive: Bool
    /// A contract in any state that was not deleted.
    public let hasContract: Bool

    public init(isLive: Bool, hasContract: Bool) {
        self.isLive = isLive
        self.hasContract = hasContract
    }
}

public struct DealPartners: Model {
    public let userIDs: [AccountID]

    public init(userIDs: [AccountID]) { self.userIDs = userIDs }
}

public struct NegotiationIDs: Model {
    public let negotiationIDs: [NegotiationID]

    public init(negotiationIDs: [NegotiationID]) {
        self.negotiationIDs = negotiationIDs
    }

    public static let rules: [String: MemberRule] = ["negotiationIDs": .count(0...100)]
}

public struct HoldNeed: Model {
    public let isNeeded: Bool

    public init(isNeeded: Bool) {
        self.isNeeded = isNeeded
    }
}
