import GuildhallClient
import SharedModels
import Testing

/// Things of every kind, for trying endpoints on: a deal whose work is delivered and disputed, and the other things of
/// its two parties.
struct GuardedWorld: Sendable {
    let deal: Deal
    /// What the two parties have on Skillhouse.
    let board: Board
    /// A contract of theirs on Skillhouse, paid and not begun.
    let escrow: PaidHire
    let dispute: String
    /// The review of another deal, which is completed.
    let review: String
    /// The client's: a gig that nobody else sees, a key, a hosted agent, a webhook with a delivery, a channel and a match.
    let draft: String
    let key: String
    let agent: String
    let webhook: String
    let delivery: String
    /// Another webhook of the client's, made on SkillSync.
    let otherWebhook: String
    let channel: String
    /// Somebody else whom the client negotiates with, and the conversation of the deal's parties.
    let friend: String
    let conversation: String
    /// The client's image.
    let media: String
    let match: String
    /// A program of the client's, and what the client has allowed another.
    let oauthClient: String
    let oauthGrant: String
    /// The worker's.
    let resume: String
    /// Two accounts that are not involved.
    let strangers: [UserType: Account]
    let admin: Caller
    /// Accounts that admins block and unblock, and that nobody uses.
    let blockable: Account
    let blockableFreelancer: Account
    /// A case about money, for admins.
    let escrowCase: String

    static func make(in stack: Stack) async throws -> GuardedWorld {
        let deal = try await Deal.make(.delivered, in: stack)
        _ = try await eventually("jobs has heard that the negotiation is over") {
            let mine = try await deal.worker.session.succeed(Endpoints.applications.mine.operation)
            return mine["applications"]?.array?.first?["negotiation"]?["state"]?.string == "approved"
                ? true : nil
        }
        let client = deal.client.session
        func id(_ operation: SharedModels.Operation, _ body: JSONValue) async throws -> String {
            try #require(try await client.succeed(operation, [:], body)["id"]?.string)
        }
        let dispute: JSONValue = [
            "contract_id": .string(deal.contract), "milestone_id": .string(deal.milestone),
            "disputing_party": "client", "reason": "It does not parse.", "evidence": [],
        ]
        let webhook = try await id(
            Endpoints.notifications.createWebhook.operation, ["url": "https://example.com/hook"])
        let delivery = try await client.succeed(Endpoints.notifications.testWebhook.operation, ["id": webhook])
        let other = try await client.succeed(
            Endpoints.skillSyncWebhooks.create.operation, [:], ["url": "https://example.com/other"])
        let admin = try await stack.admin().caller
        let world = GuardedWorld(
            deal: deal, board: try await .make(of: deal, by: admin, in: stack),
            escrow: try await .make(by: deal.client, with: deal.worker, seenBy: admin),
            dispute: try await id(Endpoints.disputes.create.operation, dispute),
            review: try await review(in: stack),
            draft: try await id(Endpoints.gigs.create.operation, ["title": "Not yet"]),
            key: try await deal.client.key().id,
            agent: try await id(Endpoints.hostedAgents.create.operation, ["name": "Scout"]),
            webhook: webhook, delivery: try #require(delivery["id"]?.string),
            otherWebhook: try #require(other["data"]?["id"]?.string),
            channel: try await id(
                Endpoints.notifications.createChannel.operation,
                ["channel_type": "telegram", "config": ["chat_id": "1"]]),
            friend: try await Deal.make(.negotiating, by: deal.client, in: stack).worker.id,
            conversation: try await conversation(of: deal), media: try await deal.client.session.image(),
            match: try await match(of: deal.client, in: stack),
            oauthClient: try await OAuthApp.make(by: deal.client, in: stack).id,
            oauthGrant: try await grant(by: deal.client, in: stack),
            resume: try await upload(by: deal.worker, in: stack),
            strangers: [.client: try await stack.client(), .freelancer: try await stack.freelancer()],
            admin: admin, blockable: try await stack.client(), blockableFreelancer: try await stack.freelancer(),
            escrowCase: try await escrowCase(in: stack, seenBy: admin))
        try await world.waitForRest()
        return world
    }

    /// Waits until the news of what was made has come everywhere, and changes nothing any more.
    private func waitForRest() async throws {
        var before = try await look()
        _ = try await eventually("nothing changes by itself") {
            // Longer than an outbox or a matching pauses.
            try await Task.sleep(for: .seconds(3))
            let now = try await look()
            defer { before = now }
            return now == before ? true : nil
        }
    }

    private static func conversation(of deal: Deal) async throws -> String {
        let sent = try await deal.client.session.succeed(
            Endpoints.messages.send.operation, [:], ["recipient_id": .string(deal.worker.id), "message": "Hello"])
        return try #require(sent["data"]?["conversation_id"]?.string)
    }

    /// The case of a payment without a milestone that its bank took back.
    private static func escrowCase(in stack: Stack, seenBy admin: Caller) async throws -> String {
        let payment = try await stack.disputedPayment()
        return try await eventually("the case is opened") {
            let page = try await admin.succeed(Endpoints.escrowCases.list.operation)
            return page["cases"]?.array?.first { $0["subject"] == .string(payment) }?["id"]?.string
        }
    }

    /// A match of the client with somebody who is not in the deal.
    private static func match(of client: Account, in stack: Stack) async throws -> String {
        let worker = try await stack.freelancer()
        try await worker.session.succeed(
            Endpoints.profiles.update.operation, [:], ["skills": ["OpenSCAD", "Blender", "Maya"]])
        try await client.session.succeed(
            Endpoints.gigs.create.operation, [:], ["title": "Blender and Maya artist", "status": "active"])
        return try await eventually("they are matched") {
            let list = try await client.session.succeed(
                Endpoints.matches.own.operation, [:], query: "?min_score=0&limit=100")
            return list["data"]?["matches"]?.array?.first?["id"]?.string
        }
    }

    private static func grant(by client: Account, in stack: Stack) async throws -> String {
        _ = try await OAuthApp.make(by: client, in: stack).tokens(from: client)
        let grants = try await client.session.succeed(Endpoints.oauthGrants.list.operation)
        return try #require(grants["grants"]?.array?.first?["id"]?.string)
    }

    private static func review(in stack: Stack) async throws -> String {
        let deal = try await Deal.make(.delivered, in: stack)
        try await deal.client.session.succeed(Endpoints.contracts.release.operation, deal.milestoneIDs)
        try await deal.reaches("completed")
        let review = try await deal.client.session.succeed(
            Endpoints.reviews.create.operation, deal.contractIDs, ["rating": 1])
        return try #require(review["id"]?.string)
    }

    /// - Returns: The file's id, which ends its address.
    private static func upload(by account: Account, in stack: Stack) async throws -> String {
        let client = GuildhallClient(url: stack.gateway, credential: .key(try await account.key().text))
        let file = FileInput(type: .pdf, bytes: Array("%PDF-1.7\n%%EOF\n".utf8))
        let stored = try await client.call(Endpoints.resumes.upload, file)
        return try #require(stored.resumeURL.split(separator: "/").last.map(String.init))
    }

    /// What the client offers the worker for a job.
    var offer: JSONValue { ["freelancerId": .string(deal.worker.id), "amount": 1500] }

    /// A party of the deal.
    func party(_ role: PartyRole) -> Account {
        switch role {
        case .client: deal.client
        case .worker: deal.worker
        }
    }

    /// The owners of the thing. For endpoints about the caller's own data it is a new account.
    func rightful(_ rule: AccountRule, _ owner: GuardRow.Owner) async throws -> [Caller] {
        switch owner {
        case .caller:
            let account = try await deal.stack.account(rule.userType ?? .client)
            return [rule.credentials.contains(.session) ? account.session : try await account.key().caller]
        case .parties(let roles): return roles.map { party($0).session }
        case .named(let role): return [party(role).session]
        case .client, .publisher: return [deal.client.session]
        case .everybody: return strangers[rule.userType ?? .client].map { [$0.session] } ?? []
        case .enterprise:
            let account = try await deal.stack.account(rule.userType ?? .client)
            try await deal.stack.set(.enterprise, for: account, by: admin)
            return [account.session]
        case .admins: return [admin]
        case .nobody: return []
        }
    }

    /// The differences, in everything that the parties can see of their own, from an earlier ``look()``.
    func changes(since before: [String: JSONValue]) async throws -> [String] {
        try await look().filter { $0.value != before[$0.key] }.map {
            "\($0.key) was \(before[$0.key] ?? nil), is \($0.value)"
        }
    }

    /// Everything that the parties can see of their own.
    func look() async throws -> [String: JSONValue] {
        var seen: [String: JSONValue] = [:]
        for role in PartyRole.allCases {
            for operation in Catalogue.published where operation.isOverview(for: role) {
                let answer = try await party(role).session.succeed(operation)
                // An envelope also has the time of the answer.
                seen["\(role) \(operation.id)"] = answer.isEnveloped ? answer["data"] : answer.json
            }
            let dispute = try await party(role).session.succeed(
                Endpoints.disputes.get.operation, ["id": dispute], query: "?evidence=1")
            seen["\(role) dispute"] = dispute.json
            let negotiation = try await party(role).session.succeed(
                Endpoints.negotiations.get.operation, deal.negotiationIDs, query: "?audit=1")
            seen["\(role) negotiation"] = negotiation.json
        }
        let keys = try await deal.client.session.succeed(Endpoints.keys.list.operation)
        seen["revoked"] = .array((keys["keys"]?.array ?? []).filter { $0["revoked_at"]?.isNull == false })
        let drafts = try await deal.client.session.succeed(
            Endpoints.gigs.list.operation, query: "?status=draft")
        seen["drafts"] = drafts.json
        return seen
    }
}

extension SharedModels.Operation {
    /// Whether it shows what an account has, without naming one thing. It leaves out what everybody posts, who
    /// everybody is, matches, which come by themselves, figures of the platform, and keys, because they show when they were last used.
    fileprivate func isOverview(for role: PartyRole) -> Bool {
        guard case .account(let rule) = access, method == .get, pathParameters.isEmpty else { return false }
        let type: UserType = role == .client ? .client : .freelancer
        return rule.credentials.contains(.session) && !rule.isForAdmins && rule.userType ?? type == type
            && output != EventStreamOutput.self
            && ![
                "gigs.list", "skillsync.profiles.list", "skillsync.matches.own", "skillsync.analytics.platform",
                "keys.list",
            ].contains(id)
    }
}
