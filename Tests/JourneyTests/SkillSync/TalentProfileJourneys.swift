import SharedModels
import Testing

extension Journeys {
    /// Profiles of SkillSync through the gateway.
    @Suite struct TalentProfiles {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func id(_ account: Account) throws -> String {
            "user_" + account.id.replacing("-", with: "")
        }

        @Test
        func `A profile is changed member by member, with advice, and read by a key under either form of its id`()
            async throws
        {
            let (owner, reader) = (try await stack.freelancer(), try await stack.client())
            let (update, ids) = (Endpoints.talentProfiles.update.operation, ["userId": try id(owner)])
            let first = try await owner.session.succeed(
                update, ids,
                [
                    "title": "Weaver", "location": "Pune, India", "remote_work": true, "experience_years": 7,
                    "skills": [["name": "Weaving", "level": "expert", "years": 7]],
                    "preferences": [
                        "role_types": ["contract"], "salary_range": ["min": 10, "max": 20, "currency": "INR"],
                    ],
                ])
            #expect(first["success"] == true && first["data"]?["id"]?.string == ids["userId"])
            #expect(first["data"]?["optimization_suggestions"]?.array?.isEmpty == false)
            let second = try await owner.session.succeed(
                update, ["userId": owner.id], ["preferences": ["role_types": ["full-time"]]])
            #expect(second["data"]?["preferences"]?["salary_range"]?["max"] == 20)
            #expect(second["data"]?["skills"] == first["data"]?["skills"])

            let key = try await reader.key().caller
            for form in [owner.id, try id(owner)] {
                let seen = try await key.succeed(Endpoints.talentProfiles.get.operation, ["userId": form])
                #expect(seen["data"]?["title"] == "Weaver" && seen["data"]?["verification"]?["github"] == true)
                #expect(seen["data"]?["optimization_suggestions"] == nil)
            }
            let found = try await key.succeed(
                Endpoints.talentProfiles.list.operation, query: "?skills[]=weaving&location=pune&limit=100")
            #expect(found["data"]?["profiles"]?.array?.contains { $0["id"]?.string == ids["userId"] } == true)
            #expect(found["data"]?["pagination"]?["per_page"] == 100)
        }

        @Test
        func `What a body has wrong is 422 by its member, another's profile 403, a missing one 404`() async throws {
            let (owner, other) = (try await stack.freelancer(), try await stack.client())
            let update = Endpoints.talentProfiles.update.operation
            let wrong: [(JSONValue, String)] = [
                (["skills": [["name": "Weaving", "level": "master"]]], "skills.0.level"),
                (
                    ["preferences": ["salary_range": ["min": 2, "max": 1, "currency": "INR"]]],
                    "preferences.salary_range.max"
                ),
                (["verification": ["email": true]], "verification"), (["experience_years": "7"], "experience_years"),
            ]
            for (body, field) in wrong {
                let refused = try await owner.session.ask(update, ["userId": owner.id], body)
                #expect(refused.status == 422, "\(refused)")
                #expect(refused["error"]?["details"]?["field"]?.string == field, "\(refused)")
            }
            #expect(try await owner.session.ask(update, ["userId": other.id], ["bio": "Mine."]).status == 403)
            let get = Endpoints.talentProfiles.get.operation
            let nobody = try await owner.session.ask(get, ["userId": "user_00000000000070008000000000000000"])
            #expect(nobody.status == 404 && nobody["error"]?["code"] == "RESOURCE_NOT_FOUND")
            #expect(
                try await owner.session.ask(Endpoints.talentProfiles.list.operation, query: "?limit=101").status == 400)
        }

        @Test
        func `A photo becomes a square`() async throws {
            let owner = try await stack.freelancer()
            let photo = Endpoints.talentProfiles.uploadPhoto.operation
            let stored = try await owner.session.upload(Files.png, to: photo, ["userId": owner.id])
            #expect(stored.status == 200 && stored["data"]?["moderation_status"] == "approved", "\(stored)")
            let url = try #require(stored["data"]?["avatar"]?.string)
            let file = try await stack.anyone.ask(.get, String(url.dropFirst(stack.gateway.count)))
            #expect(
                file.bytes.count > 24 && file.bytes[16..<24].elementsEqual([0, 0, 1, 0x2C, 0, 0, 1, 0x2C]), "300 by 300"
            )
            let refused = try await owner.session.upload(Files.mp4, to: photo, ["userId": owner.id])
            #expect(refused.status == 422 && refused["error"]?["details"]?["field"] == "photo", "\(refused)")
        }
    }
}
