import Foundation
import SharedModels
import Testing

extension Journeys {
    @Suite struct Vouches {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A vouch is made once, and shows on the profile`() async throws {
            let (voucher, vouched) = (try await stack.client(), try await stack.freelancer())
            let create = Endpoints.vouches.create.operation
            let made = try await voucher.session.succeed(
                create, [:], ["vouched_user_id": .string(vouched.id)])
            #expect(
                made["voucher_user_id"]?.string == voucher.id && made["vouched_user_id"]?.string == vouched.id
            )
            #expect(made["created_at"]?.string?.hasSuffix("Z") == true)
            let again = try await voucher.session.ask(create, [:], ["vouched_user_id": .string(vouched.id)])
            #expect(again.status == 409 && again.code == "CONFLICT", "\(again)")
            let seen = try await voucher.session.succeed(
                Endpoints.profiles.get.operation, ["userId": vouched.id])
            #expect(seen["vouched_by"]?.array?.compactMap { $0["user_id"]?.string } == [voucher.id])
            #expect(seen["vouched_by"]?.array?.first?["display_name"]?.string?.isEmpty == false)
        }

        @Test
        func `For oneself, for nobody and without a name there is no vouch`() async throws {
            let account = try await stack.freelancer()
            let create = Endpoints.vouches.create.operation
            let bad: [(body: JSONValue, status: Int)] = [
                (["vouched_user_id": .string(account.id)], 400), ([:], 400), (["vouched_user_id": nil], 400),
                (["vouched_user_id": "me"], 400), (["vouched_user_id": 5], 400),
                (["vouched_user_id": .string(UUID().uuidString.lowercased())], 404),
            ]
            for (body, status) in bad {
                let answer = try await account.session.ask(create, [:], body)
                #expect(answer.status == status, "\(body): \(answer)")
                if status == 400 { #expect(answer.issuePaths == ["vouched_user_id"], "\(body): \(answer)") }
            }
            let seen = try await account.session.succeed(
                Endpoints.profiles.get.operation, ["userId": account.id])
            #expect(seen["vouched_by"] == [])
        }

        @Test
        func `Of parallel vouches one counts; under one Idempotency-Key all hear of it`() async throws {
            let (voucher, vouched) = (try await stack.client(), try await stack.freelancer())
            let body: JSONValue = ["vouched_user_id": .string(vouched.id)]
            let statuses = try await Parallel.run(6) {
                try await voucher.session.ask(Endpoints.vouches.create.operation, [:], body).status
            }
            #expect(statuses.filter { $0 == 201 }.count == 1 && statuses.filter { $0 == 409 }.count == 5)
            let other = try await stack.client()
            let key = [(name: "Idempotency-Key", value: "vouch")]
            let first = try await other.session.succeed(
                Endpoints.vouches.create.operation, [:], body, headers: key)
            let second = try await other.session.succeed(
                Endpoints.vouches.create.operation, [:], body, headers: key)
            #expect(second.json == first.json && second.header("idempotent-replayed") == "true")
        }
    }
}
