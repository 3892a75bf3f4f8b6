public enum DisputeStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case open, responded
    case underReview = "under_review"
    case resolved
}

/// Which side wins a dispute, in a decision or in a recommendation.
public enum DisputeOutcome: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case client, worker, split
}

public enum EvidenceType: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case githubCommit = "github_commit"
    case screenshot, video
    case deployedURL = "deployed_url"
    case contractRequirement = "contract_requirement"
    case buildLog = "build_log"
    case other
}

/// Evidence for one side. It has a `url`, a `description`, or both.
public struct EvidenceInput: Model, Equatable {
    public let type: EvidenceType
    public var url: String?
    public var description: String?

    public static let rules: [String: MemberRule] = ["url": .format(.uri), "description": .text(1...5000)]
}

public struct DisputeInput: Model {
    public let contractID: ContractID
    public let milestoneID: MilestoneID
    /// The caller's own side.
    public let disputingParty: PartyRole
    public let reason: String
    public var evidence: [EvidenceInput] = []

    public static let rules: [String: MemberRule] = ["reason": .text(1...5000), "evidence": .count(0...20)]
}

public struct DisputeResponseInput: Model {
    public let evidence: [EvidenceInput]
    public static let rules: [String: MemberRule] = ["evidence": .count(1...20)]
}

/// What an admin decides.
public struct DecisionInput: Model {
    public let outcome: DisputeOutcome
    /// The worker's part of the milestone in US cents, before the platform's fee. Only for `split`, where it is
    /// required.
    public var workerCents: Int64?
    /// Whether the losing party owes the arbitration fee. A split has no losing party.
    public var chargeFee: Bool?
    /// Why, for both parties to read.
    public var note: String?

    public static let rules: [String: MemberRule] = ["workerCents": .amount, "note": .text(1...5000)]
}

public struct EvidenceView: Model, Equatable {
    public let id: EvidenceID
    public let type: EvidenceType
    public let url: String?
    public let description: String?
    public let createdAt: Timestamp

    public init(id: EvidenceID, type: EvidenceType, url: String?, description: String?, createdAt: Timestamp) {
        self.id = id
        self.type = type
        self.url = url
        self.description = description
        self.createdAt = createdAt
    }
}

/// A reason for a recommendation, with the evidence that supports it.
public struct RecommendationReason: Model, Equatable {
    public let text: String
    /// Empty when the timeline alone is the reason.
    public let evidenceIDs: [EvidenceID]

    public init(text: String, evidenceIDs: [EvidenceID]) {
        self.text = text
        self.evidenceIDs = evidenceIDs
    }

    public static let rules: [String: MemberRule] = ["text": .text(1...2000), "evidenceIDs": .count(0...40)]
}

public enum RecommendationSource: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// A language model wrote it.
    case model
    /// The rules in `docs/disputes.md` decided it.
    case rubric
}

/// A recommendation on a dispute. It changes nothing by itself.
public struct RecommendationView: Model, Equatable {
    public let outcome: DisputeOutcome
    /// The reasons in one text.
    public let rationale: String
    public let reasons: [RecommendationReason]
    /// 0 to 1.
    public let confidence: Double
    public let source: RecommendationSource
    public let createdAt: Timestamp

    public init(
        outcome: DisputeOutcome, reasons: [RecommendationReason], confidence: Double,
        source: RecommendationSource, createdAt: Timestamp
    ) {
        self.outcome = outcome
        rationale = reasons.map(\.text).joined(separator: " ")
        self.reasons = reasons
        self.confidence = confidence
        self.source = source
        self.createdAt = createdAt
    }
}

/// What was decided, and what became of the money.
public struct ResolutionView: Model, Equatable {
    public let outcome: DisputeOutcome
    /// The worker's part of the milestone in US cents, before the platform's fee.
    public let workerCents: Int64
    /// The part that goes back to the client, in US cents.
    public let returnedCents: Int64
    /// The arbitration fee that the losing party owes, in US cents; 0 when no fee is charged.
    public let arbitrationFeeCents: Int64
    public let note: String?
    public let decidedAt: Timestamp
    /// When all the money had moved; `nil` until then.
    public let settledAt: Timestamp?

    public init(
        outcome: DisputeOutcome, workerCents: Int64, returnedCents: Int64, arbitrationFeeCents: Int64,
        note: String?,
        decidedAt: Timestamp, settledAt: Timestamp?
    ) {
        self.outcome = outcome
        self.workerCents = workerCents
        self.returnedCents = returnedCents
        self.arbitrationFeeCents = arbitrationFeeCents
        self.note = note
        self.decidedAt = decidedAt
        self.settledAt = settledAt
    }
}

public struct DisputeView: Model {
    public let id: DisputeID
    public let contractID: ContractID
    public let milestoneID: MilestoneID
    public let gigTitle: String
    public let disputingParty: PartyRole
    /// `nil` for an admin, and in events, because both parties receive the same event.
    public let yourRole: PartyRole?
    public let status: DisputeStatus
    public let reason: String
    public let responseDeadline: Timestamp
    public let respondedAt: Timestamp?
    /// Of the party that opened it; only with `evidence=1`.
    public let evidence: [EvidenceView]?
    /// Of the other party; only with `evidence=1`.
    public let counterEvidence: [EvidenceView]?
    public let recommendation: RecommendationView?
    public let resolution: ResolutionView?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let nextActions: [NextAction]

    public init(
        id: DisputeID, contractID: ContractID, milestoneID: MilestoneID, gigTitle: String,
        disputingParty: PartyRole,
        yourRole: PartyRole?, status: DisputeStatus, reason: String, responseDeadline: Timestamp,
        respondedAt: Timestamp?, evidence: [EvidenceView]?, counterEvidence: [EvidenceView]?,
        recommendation: RecommendationView?, resolution: ResolutionView?, createdAt: Timestamp,
        updatedAt: Timestamp,
        nextActions: [NextAction]
    ) {
        self.id = id
        self.contractID = contractID
        self.milestoneID = milestoneID
        self.gigTitle = gigTitle
        self.disputingParty = disputingParty
        self.yourRole = yourRole
        self.status = status
        self.reason = reason
        self.responseDeadline = responseDeadline
        self.respondedAt = respondedAt
        self.evidence = evidence
        self.counterEvidence = counterEvidence
        self.recommendation = recommendation
        self.resolution = resolution
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.nextActions = nextActions
    }
}

public struct DisputeList: Model {
    public let disputes: [DisputeView]
    public let nextCursor: String?

    public init(disputes: [DisputeView], nextCursor: String?) {
        self.disputes = disputes
        self.nextCursor = nextCursor
    }
}

/// A place in the list of disputes: those that are not resolved come first.
public struct DisputeCursor: Sendable, Equatable {
    public let isResolved: Bool
    public let place: PageCursor

    public init(isResolved: Bool, place: PageCursor) {
        self.isResolved = isResolved
        self.place = place
    }
}

extension DisputeCursor: CustomStringConvertible {
    public var description: String { "\(isResolved ? "resolved" : "open").\(place)" }

    public init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, ["open", "resolved"].contains(parts[0]), let place = PageCursor(String(parts[1]))
        else { return nil }
        self.init(isResolved: parts[0] == "resolved", place: place)
    }

    static let schema: Schema = {
        var rules = StringRules()
        rules.length = 39...54
        rules.pattern = "^(open|resolved)\\.-?[0-9a-z]{1,11}-[0-9a-f]{32}$"
        return .string(rules)
    }()
}

/// `/api/disputes` and `/api/admin/disputes`.
public struct DisputeEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.contracts

    public static let state = Parameter<DisputeStatus?>.oneOf("state", DisputeStatus.self, "Only those in this state")
    public static let cursor = Parameter<DisputeCursor?>(
        "cursor", DisputeCursor.schema, "next_cursor of the page before"
    ) { text in
        guard let text else { return .some(nil) }
        return DisputeCursor(text).map(Optional.some)
    }
    public static let evidence = Parameter<Bool>.flag("evidence", "Include both sides' evidence")

    public let list = Endpoint<NoInput, DisputeList>(
        "disputes.list", .get, "/api/disputes", of: Self.self, access: .account(.dealsRead),
        query: [Self.state, Parameter<Int>.limit, Self.cursor],
        "Your disputes, an admin's all; those that are not resolved come first")
    public let create = Endpoint<DisputeInput, DisputeView>(
        "disputes.create", .post, "/api/disputes/create", of: Self.self, access: .account(.dealsWrite),
        success: 201,
        errors: [.forbidden, .notFound, .conflict],
        "Open a dispute over a milestone; its money stays where it is")
    public let get = Endpoint<NoInput, DisputeView>(
        "disputes.get", .get, "/api/disputes/{id}", of: Self.self, access: .account(.dealsRead),
        query: [Self.evidence],
        errors: [.notFound], "One dispute, with its evidence if asked")
    public let respond = Endpoint<DisputeResponseInput, DisputeView>(
        "disputes.respond", .post, "/api/disputes/{id}/respond", of: Self.self,
        access: .account(.dealsWrite),
        errors: [.forbidden, .notFound, .conflict, .preconditionFailed],
        "Answer a dispute with evidence, within 24 hours")
    public let recommend = Endpoint<NoInput, DisputeView>(
        "disputes.recommend", .post, "/api/disputes/{id}/recommend", of: Self.self,
        access: .account(.dealsWrite),
        errors: [.notFound, .conflict, .preconditionFailed, .agentPaused, .serviceUnavailable],
        "Ask for advice on a dispute; it decides nothing")
    public let resolve = Endpoint<DecisionInput, DisputeView>(
        "admin.disputes.resolve", .post, "/api/admin/disputes/{id}/resolve", of: Self.self,
        access: .admin(.dealsWrite), alsoAnswers: [202],
        errors: [.notFound, .conflict, .preconditionFailed, .badGateway, .serviceUnavailable],
        idempotency: .resumable, "Decide a dispute, and have its money moved")
}
