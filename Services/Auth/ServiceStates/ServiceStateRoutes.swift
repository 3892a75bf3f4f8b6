import ServiceKit
import SharedModels

/// `/api/admin/services`.
struct ServiceStateRoutes: Sendable {
    let workflow: ServiceStateWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.serviceStates.list) { _, _ in
            ServiceStateList(await workflow.states().map { ServiceStateView($0.service, $0.work) })
        }
    }
}
