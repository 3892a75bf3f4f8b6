import SharedModels

/// Advice by rules that anyone can check (`docs/disputes.md`): the same facts give the same advice.
struct Rubric: DisputeAdvisor {
    /// How far one side must be ahead. With a smaller lead the money is split.
    static let lead = 2
    /// The most that one side's evidence can count.
    static let evidenceLimit = 4

    func advice(on file: CaseFile) async throws -> Advice { Self.advice(on: file) }

    /// Pure.
    static func advice(on file: CaseFile) -> Advice {
        var points: [PartyRole: Int] = [:]
        var reasons: [RecommendationReason] = []
        for finding in findings(on: file) {
            points[finding.for, default: 0] += finding.points
            reasons.append(RecommendationReason(text: finding.text, evidenceIDs: finding.evidence))
        }
        let ahead = points[.worker, default: 0] - points[.client, default: 0]
        let outcome: DisputeOutcome = abs(ahead) < lead ? .split : ahead > 0 ? .worker : .client
        let basisPoints = outcome == .split ? 5_000 : min(9_000, 5_000 + 750 * abs(ahead))
        return Advice(
            outcome: outcome, confidenceBasisPoints: basisPoints, reasons: reasons, source: .rubric)
    }

    private struct Finding {
        let `for`: PartyRole
        let points: Int
        let text: String
        var evidence: [EvidenceID] = []
    }

    private static func findings(on file: CaseFile) -> [Finding] {
        var findings = [delivery(file)]
        if file.status == .underReview {
            let silent = file.openedBy.other
            findings.append(
                Finding(
                    for: file.openedBy, points: 2,
                    text: "The \(silent.rawValue) did not answer within 24 hours."))
        }
        for role in PartyRole.allCases {
            let evidence = file.evidence(of: role)
            guard !evidence.isEmpty else { continue }
            let points = min(evidenceLimit, Set(evidence.map(\.type)).map(\.weight).reduce(0, +))
            let kinds = EvidenceType.allCases.filter { kind in evidence.contains { $0.type == kind } }
            findings.append(
                Finding(
                    for: role, points: points,
                    text: "The \(role.rawValue) shows \(kinds.map(\.rawValue).joined(separator: ", ")).",
                    evidence: evidence.map(\.id)))
        }
        return findings
    }

    private static func delivery(_ file: CaseFile) -> Finding {
        guard file.isDelivered else {
            return Finding(for: .client, points: 2, text: "Nothing was delivered.")
        }
        return file.deliveryURL == nil
            ? Finding(
                for: .worker, points: 1, text: "The work was delivered, without an address to see it at.")
            : Finding(for: .worker, points: 2, text: "The work was delivered, with an address to see it at.")
    }
}

extension EvidenceType {
    /// The weight of the evidence: 2 when somebody else can check it, 1 when it must be believed.
    fileprivate var weight: Int {
        switch self {
        case .githubCommit, .deployedURL, .contractRequirement, .buildLog: 2
        case .screenshot, .video, .other: 1
        }
    }
}
