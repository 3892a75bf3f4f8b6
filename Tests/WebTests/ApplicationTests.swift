import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: what one can do with one's own application is called what it is.
@Suite struct ApplicationTests {
    @Test(arguments: [("rejected", "Remove"), ("applied", "Withdraw")])
    func `what was turned down is removed, and what is open is withdrawn`(status: String, label: String) async throws {
        try await WebWorld.run { world in
            let own = (Endpoints.applications.mine.operation.outputExample?["applications"]?.array?.first ?? [:]).with([
                "status": .string(status), "negotiation": .null, "negotiation_id": .null,
                "next_actions": [
                    [
                        "action": "withdraw", "method": "DELETE", "href": "/api/x", "by": ["worker"], "deadline": .null,
                        "body": .null,
                    ]
                ],
            ])
            world.api.answer(Endpoints.applications.mine, ["applications": [own], "next_cursor": .null])
            let shown = try await world.person().get("/applications")
            #expect(shown.text.contains("/withdraw\"") && shown.text.contains(">\(label)</button>"))
        }
    }
}
