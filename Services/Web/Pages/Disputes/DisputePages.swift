import GuildhallClient
import SharedModels

/// One piece of evidence as a form asks for it.
enum EvidenceForm {
    static let fields = [
        Field(.choice, "evidence_type", "Evidence").with {
            $0.isRequired = true
            $0.value = EvidenceType.other.rawValue
            $0.options = EvidenceType.allCases.map { ($0.rawValue, words($0)) }
        },
        Field(.url, "evidence_url", "Link").with { $0.hint = "https://…" },
        Field(.area, "evidence_text", "What it shows").with {
            $0.most = 5000; $0.member = "evidence"
        },
    ]

    static func words(_ type: EvidenceType) -> String {
        switch type {
        case .githubCommit: "A commit"
        case .screenshot: "A screenshot"
        case .video: "A video"
        case .deployedURL: "What is deployed"
        case .contractRequirement: "What was agreed"
        case .buildLog: "A build log"
        case .other: "Something else"
        }
    }

    /// Nothing when neither link nor words were given.
    static func evidence(_ fields: Fields) -> JSONValue {
        let (url, text) = (fields.text("evidence_url"), fields.text("evidence_text"))
        guard url != nil || text != nil else { return [] }
        var piece = [JSONMember("type", .string(fields.text("evidence_type") ?? "other"))]
        if let url { piece.append(JSONMember("url", .string(url))) }
        if let text { piece.append(JSONMember("description", .string(text))) }
        return [.object(piece)]
    }
}

/// `/disputes` and `/disputes/{id}`: for both parties, and for admins to read.
struct DisputePages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/disputes", list)
        site.get("/disputes/{id}") { try await show($0, nil) }
        site.post("/disputes/{id}/respond", respond)
        site.post("/disputes/{id}/recommend", recommend)
    }

    @Sendable private func list(_ visit: Visit) async throws -> WebAnswer {
        let list = try await visit.api.call(
            Endpoints.disputes.list, query: visit.queries("state", "cursor").merging(["limit": "20"]) { $1 })
        var values: Values = [
            "disputes": list.disputes.map {
                [
                    // Who is no party is an admin, who decides.
                    "gigTitle": $0.gigTitle, "address": "\($0.yourRole == nil ? "/admin" : "")/disputes/\($0.id)",
                    "status": Status.dispute($0.status),
                    "opened": visit.display.time($0.createdAt), "reason": $0.reason.beginning(),
                ] as Values
            }, "isEmpty": list.disputes.isEmpty,
        ]
        values["more"] = visit.more(list.nextCursor)
        return .page("disputes", "Disputes", values, place: "deals")
    }

    private func show(_ visit: Visit, _ refused: Form?) async throws -> WebAnswer {
        let dispute = try await visit.api.call(Endpoints.disputes.get, path: visit.parts, query: ["evidence": "1"])
        // Who is no party is an admin. The whole case is on their own page, and the deal is not for them.
        guard dispute.yourRole != nil else { return .see("/admin/disputes/\(dispute.id)") }
        var values = DisputeCase.values(dispute, visit)
        let actions = Actions(dispute.nextActions, for: dispute.yourRole)
        values["deal"] = "/contracts/\(dispute.contractID)"
        if actions.has("respond") { values["respond"] = (refused ?? Self.form(visit)).values(visit) }
        if actions.has("recommend") {
            values["recommend"] = visit.button(
                dispute.recommendation == nil ? "Ask for advice" : "Ask again", "/disputes/\(dispute.id)/recommend",
                style: "quiet")
        }
        return .page(
            "dispute", "Dispute: \(dispute.gigTitle)", values, status: refused == nil ? 200 : 422, place: "deals")
    }

    private static func form(_ visit: Visit) -> Form {
        Form("/disputes/\(visit.part("id").percentEncoded)/respond", submit: "Answer", EvidenceForm.fields)
    }

    @Sendable private func respond(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.form(visit), again: { try await show(visit, $0) }) {
            let dispute = try await visit.api.call(
                Endpoints.disputes.respond, ["evidence": EvidenceForm.evidence(visit.fields)], path: visit.parts,
                idempotencyKey: visit.once)
            return .see("/disputes/\(dispute.id)", .done("Your answer is with the admins."))
        }
    }

    @Sendable private func recommend(_ visit: Visit) async throws -> WebAnswer {
        let dispute = try await visit.api.call(
            Endpoints.disputes.recommend, path: visit.parts, idempotencyKey: visit.once)
        return .see("/disputes/\(dispute.id)", .done("Here is the advice. It decides nothing."))
    }
}

/// A dispute with all that is known of it: the partial `dispute-case`.
enum DisputeCase {
    static func values(_ dispute: DisputeView, _ visit: Visit) -> Values {
        let display = visit.display
        // Each side may have twenty pieces.
        let pieces = (dispute.evidence?.count ?? 0) + (dispute.counterEvidence?.count ?? 0)
        let room = max(200, 6000 / max(1, pieces))
        var values: Values = [
            "gigTitle": dispute.gigTitle, "status": Status.dispute(dispute.status), "reason": dispute.reason,
            "opener": name(dispute.disputingParty),
            "answerer": name(dispute.disputingParty == .client ? .worker : .client),
            "opened": display.time(dispute.createdAt), "deadline": display.time(dispute.responseDeadline),
            "waitsForAnswer": dispute.status == .open,
            "evidence": (dispute.evidence ?? []).map { evidence($0, room, visit) },
            "counter": (dispute.counterEvidence ?? []).map { evidence($0, room, visit) },
            "hasCounter": dispute.counterEvidence?.isEmpty == false,
            "hasEvidence": dispute.evidence?.isEmpty == false,
        ]
        if let advice = dispute.recommendation {
            values["advice"] =
                [
                    "outcome": outcome(advice.outcome), "confidence": Int((advice.confidence * 100).rounded()),
                    "reasons": advice.reasons.map(\.text), "isModel": advice.source == .model,
                ] as Values
        }
        if let decision = dispute.resolution {
            var shown: Values = [
                "outcome": outcome(decision.outcome), "worker": display.money(decision.workerCents),
                "client": display.money(decision.returnedCents), "decided": display.time(decision.decidedAt),
                "isSettled": decision.settledAt != nil, "note": decision.note ?? "",
            ]
            if decision.arbitrationFeeCents > 0 { shown["fee"] = display.money(decision.arbitrationFeeCents) }
            values["decision"] = shown
        }
        return values
    }

    private static func name(_ role: PartyRole) -> String { role == .client ? "The client" : "The freelancer" }

    private static func outcome(_ outcome: DisputeOutcome) -> String {
        switch outcome {
        case .client: "For the client"
        case .worker: "For the freelancer"
        case .split: "Shared between both"
        }
    }

    private static func evidence(_ evidence: EvidenceView, _ room: Int, _ visit: Visit) -> Values {
        var values: Values = [
            "kind": EvidenceForm.words(evidence.type),
            "text": visit.excerpt(evidence.description, "\(evidence.id)", room),
            "at": visit.display.time(evidence.createdAt), "link": "", "linkText": "",
        ]
        if let url = evidence.url.flatMap(WebURL.init)?.text {
            values["link"] = url
            values["linkText"] = url.beginning(80)
        }
        return values
    }
}
