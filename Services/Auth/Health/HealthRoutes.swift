import ServiceKit
import SharedModels

/// `/api/health`, which answers for the whole marketplace.
struct HealthRoutes: Sendable {
    func register(on routes: Routes) {
        routes.handle(Endpoints.health.health) { _, _ in HealthView() }
    }
}
