import SharedModels
import Testing

extension Journeys {
    /// Figures on the SkillSync surface.
    @Suite struct Analytics {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private static let user = Endpoints.analytics.user.operation
        private static let platform = Endpoints.analytics.platform.operation

        /// A key of the account with this scope alone.
        private func key(of account: Account, _ scope: String) async throws -> Caller {
            let made = try await account.session.succeed(
                Endpoints.scopedKeys.create.operation, [:], ["name": "figures", "scopes": [.string(scope)]])
            var key = account.session
            key.headers = [("Authorization", "Bearer \(try #require(made["data"]?["key"]?.string))")]
            return key
        }

        @Test
        func `Views, messages and answers are counted, once each, and shown to the one they are about`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let (client, worker) = (deal.client, deal.worker)
            for _ in 0..<2 {
                try await client.session.succeed(Endpoints.talentProfiles.get.operation, ["userId": worker.id])
            }
            for (sender, recipient) in [(client, worker), (client, worker), (worker, client)] {
                try await sender.session.succeed(
                    Endpoints.messages.send.operation, [:],
                    ["recipient_id": .string(recipient.id), "message": "When can we talk?"])
            }
            let ids = ["userId": try #require(AccountID(worker.id)).prefixed]
            let figures = try await eventually("the messages are counted") {
                let figures = try await worker.session.succeed(Self.user, ids)["data"]
                return figures?["messages"]?["sent"] == 1 && figures?["messages"]?["received"] == 2 ? figures : nil
            }
            #expect(figures["profile_views"] == ["total": 1, "this_week": 1, "growth": "+100%"], "\(figures)")
            #expect(figures["messages"]?["response_rate"] == "100.0%", "\(figures)")
            #expect(figures["messages"]?["avg_response_time"] == "0h 0m", "\(figures)")
            #expect(figures["matches"]?["acceptance_rate"]?.string?.hasSuffix("%") == true, "\(figures)")
            let other = try await client.session.ask(Self.user, ids)
            #expect(other.status == 403 && other["error"]?["code"] == "INSUFFICIENT_PERMISSIONS", "\(other)")
            #expect(try await worker.session.ask(Self.user, ["userId": "me"]).status == 404)
        }

        @Test
        func `A key needs the scope`() async throws {
            let worker = try await stack.freelancer()
            let ids = ["userId": worker.id]
            let allowed = try await key(of: worker, "analytics:read")
            #expect(try await allowed.ask(Self.user, ids).status == 200)
            let refused = try await key(of: worker, "matches:read")
            let answer = try await refused.ask(Self.user, ids)
            #expect(answer.status == 403 && answer.message?.contains("analytics:read") == true, "\(answer)")
        }

        @Test
        func `The platform's figures are part of the Enterprise plan`() async throws {
            let client = try await stack.client()
            let refused = try await client.session.ask(Self.platform)
            #expect(refused.status == 403 && refused["error"]?["code"] == "INSUFFICIENT_PERMISSIONS", "\(refused)")
            try await stack.set(.enterprise, for: client, by: try await stack.admin().caller)
            let figures = try #require(try await client.session.succeed(Self.platform)["data"])
            #expect(figures["new_profiles"]?.integer ?? 0 > 0 && figures["active_users"]?.integer != nil, "\(figures)")
            #expect(figures["matches"]?["acceptance_rate"]?.string?.hasSuffix("%") == true, "\(figures)")
            #expect(figures["messages"]?["sent"]?.integer != nil, "\(figures)")
            #expect(figures["period"]?["from"]?.string?.hasSuffix("T00:00:00Z") == true, "\(figures)")
        }
    }
}

extension Stack {
    /// Gives an account a plan, and waits until talent knows.
    func set(_ plan: Plan, for account: Account, by admin: Caller) async throws {
        try await admin.succeed(
            Endpoints.tiers.set.operation, ["id": account.id], ["subscription_tier": .string(plan.rawValue)])
        guard plan == .enterprise else { return }
        _ = try await eventually("talent knows the plan") {
            try await account.session.ask(Endpoints.analytics.platform.operation).status == 200 ? true : nil
        }
    }
}
