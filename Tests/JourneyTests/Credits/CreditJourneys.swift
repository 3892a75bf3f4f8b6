import SharedModels
import Testing

extension Journeys {
    /// Spending credits: once for each thing, and never more than the account has.
    @Suite struct Credits {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func balance(_ caller: Caller) async throws -> JSONValue? {
            try await caller.succeed(Endpoints.credits.balance.operation)["credits_balance"]
        }

        @Test
        func `A new account has ten credits on the free plan, and each thing is charged once`() async throws {
            let account = try await stack.freelancer()
            let first = try await account.session.succeed(Endpoints.credits.balance.operation)
            #expect(first["credits_balance"] == 10 && first["subscription_tier"] == "free")
            let match: JSONValue = ["amount": 4, "reason": "match_deduction", "reference_id": "match-1"]
            let spent = try await account.session.succeed(Endpoints.credits.deduct.operation, [:], match)
            #expect(spent["credits_balance"] == 6)
            let again = try await account.session.succeed(Endpoints.credits.deduct.operation, [:], match)
            #expect(again.json == spent.json)
            // The same reference for another reason is another thing.
            let intro: JSONValue = ["amount": 1, "reason": "intro_deduction", "reference_id": "match-1"]
            let introduced = try await account.session.succeed(Endpoints.credits.deduct.operation, [:], intro)
            #expect(introduced["credits_balance"] == 5)
            #expect(introduced["transaction_id"] != spent["transaction_id"])
            let unnamed: JSONValue = ["amount": 1, "reason": "intro_deduction"]
            try await account.session.succeed(Endpoints.credits.deduct.operation, [:], unnamed)
            try await account.session.succeed(Endpoints.credits.deduct.operation, [:], unnamed)
            #expect(try await balance(account.session) == 3)
            // A key stands for the same account.
            #expect(try await balance(try await account.key().caller) == 3)
        }

        @Test
        func `More than there is, is a 409 that takes nothing; all there is can be spent`() async throws {
            let caller = try await stack.client().session
            let more: JSONValue = ["amount": 11, "reason": "match_deduction", "reference_id": "match-2"]
            let refused = try await caller.ask(Endpoints.credits.deduct.operation, [:], more)
            #expect(refused.status == 409 && refused.code == "CONFLICT", "\(refused)")
            #expect(try await balance(caller) == 10)
            let all: JSONValue = ["amount": 10, "reason": "match_deduction", "reference_id": "match-2"]
            let spent = try await caller.succeed(Endpoints.credits.deduct.operation, [:], all)
            #expect(spent["credits_balance"] == 0)
            let one: JSONValue = ["amount": 1, "reason": "match_deduction"]
            #expect(try await caller.ask(Endpoints.credits.deduct.operation, [:], one).status == 409)
            #expect(try await balance(caller) == 0)
        }

        @Test
        func `Deductions at the same time spend what there is, and no more`() async throws {
            let caller = try await stack.client().session
            let statuses = try await Parallel.run(8) {
                let body: JSONValue = ["amount": 3, "reason": "match_deduction"]
                return try await caller.ask(Endpoints.credits.deduct.operation, [:], body).status
            }
            #expect(statuses.sorted() == [200, 200, 200, 409, 409, 409, 409, 409])
            #expect(try await balance(caller) == 1)
        }

        @Test
        func `A deduction with a bad member is refused by its name, and takes nothing`() async throws {
            let caller = try await stack.client().session
            let bad: [(String, JSONValue)] = [
                ("amount", ["reason": "match_deduction"]), ("amount", ["amount": 0, "reason": "match_deduction"]),
                ("amount", ["amount": -1, "reason": "match_deduction"]),
                ("amount", ["amount": "1", "reason": "match_deduction"]),
                ("amount", ["amount": .decimal("1.5"), "reason": "match_deduction"]),
                ("amount", ["amount": nil, "reason": "match_deduction"]), ("reason", ["amount": 1]),
                ("reason", ["amount": 1, "reason": "gift"]), ("reason", ["amount": 1, "reason": nil]),
                ("reference_id", ["amount": 1, "reason": "match_deduction", "reference_id": ""]),
                ("reference_id", ["amount": 1, "reason": "match_deduction", "reference_id": 7]),
                ("user_id", ["amount": 1, "reason": "match_deduction", "user_id": "x"]),
            ]
            for (path, body) in bad {
                let answer = try await caller.ask(Endpoints.credits.deduct.operation, [:], body)
                #expect(answer.status == 400 && answer.issuePaths == [path], "\(body): \(answer)")
            }
            let anyone = try await stack.anyone.ask(Endpoints.credits.balance.operation)
            #expect(anyone.status == 401)
            #expect(try await balance(caller) == 10)
        }
    }
}
