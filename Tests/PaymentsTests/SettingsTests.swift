import ServiceKit
import SharedModels
import Testing

@testable import PaymentsService

/// The promise under test: an installation for real money has a key for real money.
@Suite struct SettingsTests {
    private func settings(_ environment: String?, key: String) throws -> PaymentsSettings {
        var values = [
            "STRIPE_SECRET_KEY": key, "STRIPE_WEBHOOK_SECRET": "whsec_mine",
            "STRIPE_API_BASE": "https://api.stripe.com",
        ]
        values["GUILDHALL_ENVIRONMENT"] = environment
        return try PaymentsSettings(SettingsReader(.payments, values))
    }

    @Test(arguments: ["sk_test_mine", "rk_test_mine"], ["production", nil])
    func `a key for test money stops the start in production`(key: String, environment: String?) {
        let error = #expect(throws: BadSetting.self) { try settings(environment, key: key) }
        #expect(error?.name == "STRIPE_SECRET_KEY" && error?.problem.contains("sk_live_") == true)
        #expect(error?.problem.contains("mine") == false)
    }

    @Test func `elsewhere it is taken, and a live key everywhere`() throws {
        for environment in ["staging", "development"] {
            #expect(try settings(environment, key: "sk_test_mine").isLive == false)
        }
        #expect(try settings("production", key: "sk_live_mine").isLive)
        #expect(try settings("production", key: "rk_live_mine").isLive)
    }
}
