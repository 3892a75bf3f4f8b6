import SharedModels
import Testing

extension Journeys {
    /// Matching on the SkillSync surface, from a skill and a gig to a conversation.
    @Suite struct Matches {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private static let own = Endpoints.matches.own.operation
        private static let get = Endpoints.matches.get.operation
        private static let act = Endpoints.matches.act.operation

        /// A worker and a client who fit each other, with the worker's match.
        private func paired() async throws -> (worker: Account, client: Account, match: JSONValue) {
            let (worker, client) = (try await stack.freelancer(), try await stack.client())
            try await worker.session.succeed(
                Endpoints.profiles.update.operation, [:], ["skills": ["DaVinci Resolve", "PostGIS", "Sakai"]])
            try await client.session.succeed(
                Endpoints.gigs.create.operation, [:],
                [
                    "title": "DaVinci Resolve cutter who knows PostGIS and Sakai", "description": "Remote, 3 years.",
                    "status": "active",
                ])
            let theirs = try #require(AccountID(client.id)).prefixed
            let match = try await eventually("the worker is matched with the client") {
                let list = try await worker.session.succeed(Self.own, [:], query: "?min_score=0&limit=100")
                return list["data"]?["matches"]?.array?.first { $0["user_id"]?.string == theirs }
            }
            return (worker, client, match)
        }

        @Test
        func `A worker finds open work, reads why it fits, and accepts it once`() async throws {
            let (worker, _, match) = try await paired()
            let id = try #require(match["id"]?.string)
            #expect(id.wholeMatch(of: /match_[0-9a-f]{32}/) != nil)
            #expect(match["skills_matched"]?.array?.count == 3 && match["work"]?["title"]?.string?.isEmpty == false)
            let details = try await worker.session.succeed(Self.get, ["id": id])
            #expect(details["success"] == true && details["data"]?["id"]?.string == id)
            #expect(details["data"]?["insights"]?["strengths"]?.array?.isEmpty == false)
            let listed = try await worker.session.succeed(
                Self.get, ["id": try #require(AccountID(worker.id)).prefixed],
                query: "?min_score=0&skills[]=davinci%20resolve&skills[]=Cobol&location=remote")
            #expect(listed["data"]?["matches"]?.array?.contains { $0["id"]?.string == id } == true)
            #expect(
                listed["data"]?["filters_applied"]
                    == ["min_score": 0, "skills": ["davinci resolve", "Cobol"], "location": "remote"])
            let saved = try await worker.session.succeed(Self.act, ["id": id], ["action": "save"])
            let step = try #require(saved["data"]?["next_steps"]?.array?.first?.string)
            #expect(step.wholeMatch(of: /Accept or reject it before [0-9-]{10}T[0-9:]{8}Z\./) != nil, "\(step)")
            let accepted = try await worker.session.succeed(
                Self.act, ["id": id],
                ["action": "accept", "message": "Shall we?", "metadata": ["priority": "high", "notes": "Soon."]])
            #expect(accepted["data"]?["status"] == "accepted")
            #expect(accepted["data"]?["conversation_id"]?.string?.hasPrefix("conv_") == true)
            let again = try await worker.session.ask(Self.act, ["id": id], ["action": "reject"])
            #expect(again.status == 409 && again.allowed == [], "\(again)")
        }

        @Test
        func `Another's matches are refused, and ids of other kinds too`() async throws {
            let (worker, client, match) = try await paired()
            let id = try #require(match["id"]?.string)
            let theirs = try #require(AccountID(client.id))
            for form in [theirs.prefixed, "\(theirs)"] {
                let answer = try await worker.session.ask(Self.get, ["id": form])
                #expect(answer.status == 403 && answer.code == "FORBIDDEN", "\(answer)")
            }
            #expect(try await client.session.ask(Self.get, ["id": id]).status == 404)
            #expect(try await client.session.ask(Self.act, ["id": id], ["action": "accept"]).status == 404)
            for bad in ["conv_0192f0c08fb17aa0b0c1d2e3f4a5b6c7", "me", "user_1"] {
                let answer = try await worker.session.ask(Self.get, ["id": bad])
                #expect(answer.status == 400 && answer.code == "VALIDATION_FAILED", "\(bad): \(answer)")
            }
            #expect(try await worker.session.ask(Self.get, ["id": "match_1"]).status == 404)
        }

        @Test(
            arguments: [
                ([:], "action"), (["action": "like"], "action"), (["action": "save", "message": ""], "message"),
                (["action": "save", "metadata": ["priority": "urgent"]], "metadata.priority"),
                (["action": "save", "score": 100], "score"),
            ] as [(JSONValue, String)])
        func `A bad action is a 422 that names it`(body: JSONValue, field: String) async throws {
            let worker = try await stack.freelancer()
            let answer = try await worker.session.ask(
                Self.act, ["id": "match_0192f0c08fb17aa0b0c1d2e3f4a5b6c7"], body)
            #expect(answer.status == 422 && answer.issuePaths == [field], "\(answer)")
        }

        @Test(
            arguments: [
                "limit=101", "limit=0", "min_score=101", "page=0", "experience_level=guru", "cursor=x",
                "skills=" + String(repeating: "a", count: 101), "salary=1",
            ])
        func `A bad filter is a 400 that names it`(query: String) async throws {
            let answer = try await stack.freelancer().session.ask(Self.own, [:], query: "?\(query)")
            #expect(answer.status == 400, "\(answer)")
            #expect(answer.issuePaths == [String(query.prefix { $0 != "=" })], "\(answer)")
        }
    }
}
