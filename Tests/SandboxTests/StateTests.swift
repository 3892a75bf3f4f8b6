import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: who tests against the sandbox sees what its Stripe keeps, all of it or one kind alone.
@Suite struct StateTests {
    @Test func `one kind of objects is shown alone, and all are shown otherwise`() async throws {
        try await SandboxWeb.use { (web) async throws in
            let payment = try await web.paid()
            let alone = try await web.ask("stripe/state?kind=payment_intents")
            #expect(alone.status == 200 && alone.body.object?.map(\.name) == ["payment_intents"])
            #expect(alone.body["payment_intents"]?.array?.map { $0["id"]?.string } == [payment.id])
            let all = try await web.ask("stripe/state")
            #expect(all.body["payment_intents"] == alone.body["payment_intents"])
            #expect(all.body["charges"]?.array?.count == 1)
            #expect(all.body.object?.last?.name == "balance")
        }
    }

    @Test(arguments: ["payment_intent", "", "balance", "account_links"])
    func `a kind that is not shown is refused`(kind: String) async throws {
        try await SandboxWeb.use { (web) async throws in
            #expect(try await web.ask("stripe/state?kind=\(kind)").status == 400)
        }
    }
}
