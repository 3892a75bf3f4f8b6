import ServiceKit
import SharedModels

/// Applying, and `/api/gigs/{id}/applications`, `/api/applications`.
struct ApplicationRoutes: Sendable {
    let workflow: ApplicationWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.gigs.apply, apply)
        routes.handle(Endpoints.applications.received, received)
        routes.handle(Endpoints.applications.update, update)
        routes.handle(Endpoints.applications.mine, mine)
        routes.handle(Endpoints.applications.withdraw, withdraw)
    }

    private func apply(_ input: ApplicationInput, _ call: Call) async throws -> ApplicationView {
        let application = try await workflow.apply(
            to: call.path("id"), message: input.message, by: call.caller.accountID, at: call.now)
        call.tag(version: application.version)
        return application.view
    }

    private func received(_: NoInput, _ call: Call) async throws -> ReceivedApplicationList {
        let page = try await workflow.page(
            to: call.path("id"), in: call.query(ApplicationEndpoints.status), by: call.caller.accountID,
            after: call.query(Parameter<PageCursor?>.cursor), limit: call.query(Parameter<Int>.limit), at: call.now)
        return ReceivedApplicationList(
            applications: page.items.map {
                ReceivedApplication($0.application.view, workerProfile: WorkerProfile($0.worker))
            },
            nextCursor: page.nextCursor)
    }

    private func update(_ input: ApplicationUpdate, _ call: Call) async throws -> ApplicationView {
        let application = try await workflow.decide(
            call.path("appId"), of: call.path("id"), input.status, by: call.caller.accountID, at: call.now,
            expecting: call.check(version:))
        call.tag(version: application.version)
        return application.view
    }

    private func withdraw(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.withdraw(
            call.path("id"), by: call.caller.accountID, at: call.now, expecting: call.check(version:))
        return NoOutput()
    }

    private func mine(_: NoInput, _ call: Call) async throws -> OwnApplicationList {
        let page = try await workflow.page(
            of: call.caller.accountID, in: call.query(ApplicationEndpoints.status),
            to: call.query(ApplicationEndpoints.gig), after: call.query(Parameter<PageCursor?>.cursor),
            limit: call.query(Parameter<Int>.limit), at: call.now)
        return OwnApplicationList(
            applications: page.items.map {
                OwnApplication(
                    $0.application.view, gigTitle: $0.gigTitle, negotiationID: $0.engagement?.negotiationID,
                    negotiation: $0.engagement?.summary)
            },
            nextCursor: page.nextCursor)
    }
}
