import Crypto
import SharedModels

/// The facts of a dispute that a language model and the rubric both judge by.
struct CaseFile: Sendable, Equatable {
    struct Moment: Sendable, Equatable {
        let at: Timestamp
        let what: String
    }

    let gigTitle: String
    let terms: Terms
    let milestoneTitle: String
    let amount: Money
    let isDelivered: Bool
    let deliveryNote: String?
    let deliveryURL: String?
    let openedBy: PartyRole
    let status: DisputeStatus
    let reason: String
    /// What happened, oldest first.
    let timeline: [Moment]
    let evidence: [Evidence]

    init(
        _ dispute: Dispute, over milestone: Milestone, of contract: Contract, _ evidence: [Evidence],
        at now: Timestamp
    ) {
        gigTitle = contract.gigTitle
        terms = contract.terms
        milestoneTitle = milestone.title
        amount = milestone.amount
        isDelivered = milestone.deliveredAt != nil
        deliveryNote = milestone.deliveryNote
        deliveryURL = milestone.deliveryURL
        openedBy = dispute.openedBy
        status = dispute.standing.status(at: now)
        reason = dispute.reason
        let moments: [(Timestamp?, String)] = [
            (contract.createdAt, "agreed"), (contract.clientApprovedAt, "approved by the client"),
            (contract.workerApprovedAt, "approved by the worker"), (milestone.fundedAt, "funded"),
            (milestone.deliveredAt, "delivered"),
            (dispute.createdAt, "disputed by the \(dispute.openedBy.rawValue)"),
            (dispute.respondedAt, "answered by the \(dispute.openedBy.other.rawValue)"),
            (dispute.standing.responseDeadline, "the time to answer ends"),
        ]
        timeline = moments.compactMap { at, what in at.map { Moment(at: $0, what: what) } }.sorted {
            $0.at < $1.at
        }
        self.evidence = evidence
    }

    func evidence(of role: PartyRole) -> [Evidence] { evidence.filter { $0.by == role } }

    /// Identifies this state of the case. It changes when anything in the case changes.
    var digest: String { Hexadecimal.encode(SHA256.hash(data: json.bytes)) }

    var json: JSONValue {
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        func number(_ number: Int64?) -> JSONValue { number.map { .integer($0) } ?? .null }
        return [
            "contract": [
                "title": .string(gigTitle), "rate_cents": number(terms.rate?.minorUnits),
                "hours_per_week": number(terms.hoursPerWeek.map(Int64.init)),
                "start_date": text(terms.startDate?.description),
            ],
            "milestone": [
                "title": .string(milestoneTitle), "amount_cents": .integer(amount.minorUnits),
                "delivered": .bool(isDelivered), "delivery_note": text(deliveryNote),
                "delivery_url": text(deliveryURL),
            ],
            "dispute": [
                "opened_by": .string(openedBy.rawValue), "status": .string(status.rawValue),
                "reason": .string(reason),
            ],
            "timeline": .array(
                timeline.map { ["at": .string($0.at.description), "what": .string($0.what)] }),
            "evidence": .array(
                evidence.map {
                    [
                        "id": .string($0.id.description), "by": .string($0.by.rawValue),
                        "type": .string($0.type.rawValue), "url": text($0.url),
                        "description": text($0.description),
                    ]
                }),
        ]
    }
}
