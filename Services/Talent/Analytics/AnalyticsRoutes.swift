import ServiceKit
import SharedModels

/// `/v1/analytics`.
struct AnalyticsRoutes: Sendable {
    let workflow: AnalyticsWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.analytics.user, user)
        routes.handle(Endpoints.analytics.platform, platform)
    }

    private func user(_: NoInput, _ call: Call) async throws -> UserAnalytics {
        try await workflow.own(call.path("userId"), by: call.caller, at: call.now)
    }

    private func platform(_: NoInput, _ call: Call) async throws -> PlatformAnalytics {
        try await workflow.platform(for: call.caller, at: call.now)
    }
}
