import ServiceKit
import SharedModels

/// `/v1/matches`, and messages' questions about matches.
struct MatchRoutes: Sendable {
    let workflow: MatchWorkflow
    let decisions: DecisionWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.matches.own, own)
        routes.handle(Endpoints.matches.get, get)
        routes.handle(Endpoints.matches.act, act)
        routes.handle(Endpoints.matchInternal.between, between)
    }

    private func between(_ input: AccountPair, _ call: Call) async throws -> LiveMatch {
        LiveMatch(matchID: try await workflow.live(between: input.userID, input.otherUserID, at: call.now))
    }

    private func own(_: NoInput, _ call: Call) async throws -> MatchList { try await list(call) }

    /// A match has an id with its prefix; an account has one with its own, or a plain one (SkillSync contract, section 8,
    /// item 1).
    private func get(_: NoInput, _ call: Call) async throws -> MatchAnswer {
        let text = call.pathText("id")
        if Self.isOfAMatch(text) {
            let (match, insights) = try await workflow.details(
                call.path("id"), by: call.caller.accountID, at: call.now)
            return MatchAnswer(match.view(for: call.caller.userType), insights)
        }
        guard let user = AccountID(text) else {
            let problem = "must be an id: user_… for a list, match_… for one match"
            throw InvalidParameter(issue: InputIssue(path: "id", message: problem), isUnknownValue: false)
        }
        guard user == call.caller.accountID else { throw MatchError.notYours }
        return MatchAnswer(try await list(call))
    }

    private func list(_ call: Call) async throws -> MatchList {
        let limit = try call.query(MatchEndpoints.limit)
        let page = try await workflow.list(
            of: call.caller.accountID, MatchFilter(call), page: call.query(Parameter<Int>.page),
            after: call.query(MatchEndpoints.cursor), limit: limit, at: call.now)
        return MatchList(
            matches: page.items.map { $0.view(for: call.caller.userType) },
            pagination: MatchPagination(
                total: page.total, page: page.page, perPage: limit, nextCursor: page.next?.description),
            filtersApplied: try call.matchFilters)
    }

    private func act(_ input: MatchActionInput, _ call: Call) async throws -> MatchActionResult {
        guard Self.isOfAMatch(call.pathText("id")) else { throw Refusal.notFound("match") }
        return try await decisions.act(input, on: call.path("id"), by: call.caller.accountID).result
    }

    private static func isOfAMatch(_ id: String) -> Bool { id.utf8.starts(with: "\(MatchKind.prefix)_".utf8) }
}

extension MatchFilter {
    fileprivate init(_ call: Call) throws {
        self.init(
            minimumScore: try call.query(MatchEndpoints.minimumScore), skills: try call.query(MatchEndpoints.skills),
            location: try call.query(MatchEndpoints.location), experience: try call.query(MatchEndpoints.experience))
    }
}

extension Call {
    /// The filters that the caller sent.
    fileprivate var matchFilters: JSONValue {
        get throws {
            var members: [JSONMember] = []
            if hasQuery(MatchEndpoints.minimumScore) {
                members.append(JSONMember("min_score", .integer(Int64(try query(MatchEndpoints.minimumScore)))))
            }
            let skills = try query(MatchEndpoints.skills)
            if !skills.isEmpty { members.append(JSONMember("skills", .array(skills.map { .string($0) }))) }
            if let location = try query(MatchEndpoints.location) {
                members.append(JSONMember("location", .string(location)))
            }
            if let experience = try query(MatchEndpoints.experience) {
                members.append(JSONMember("experience_level", .string(experience.rawValue)))
            }
            return .object(members)
        }
    }
}

extension Match {
    fileprivate var result: MatchActionResult {
        get throws {
            guard let actionID else { throw MatchError.notFound(id) }
            return MatchActionResult(
                actionID: actionID, matchID: id, status: status, conversationID: conversationID, nextSteps: nextSteps)
        }
    }

    private var nextSteps: [String] {
        switch status {
        case .accepted:
            [
                "Write in the conversation: POST /v1/messages.",
                "Read it: GET /v1/messages/conversations/\(conversationID?.prefixed ?? "").",
            ]
        case .saved: ["Accept or reject it before \(Timestamp(seconds: expiresAt.seconds))."]
        case .rejected: ["The two of you are not matched again."]
        case .pending, .expired: []
        }
    }
}
