import ServiceKit
import SharedModels

/// `/api/contracts/{id}/reviews`, `/api/profile/{userId}/reviews` and `/api/admin/reviews`.
struct ReviewRoutes: Sendable {
    let workflow: ReviewWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.reviews.create, create)
        routes.handle(Endpoints.reviews.list, list)
        routes.handle(Endpoints.reviews.hide, hide)
    }

    private func create(_ input: ReviewInput, _ call: Call) async throws -> ReviewView {
        let review = try await workflow.write(
            input, of: call.path("id"), by: call.caller.accountID,
            expecting: { try call.check(version: $0) })
        call.tag(version: review.version)
        return review.view
    }

    private func list(_: NoInput, _ call: Call) async throws -> ReviewList {
        try await workflow.list(
            of: call.path("userId"), after: call.query(Parameter<PageCursor?>.cursor),
            limit: call.query(Parameter<Int>.limit))
    }

    private func hide(_: NoInput, _ call: Call) async throws -> ReviewView {
        let review = try await workflow.hide(
            call.path("id"), by: call.caller.accountID, expecting: { try call.check(version: $0) })
        call.tag(version: review.version)
        return review.view
    }
}
