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
            expecting: call.check(version:))
        call.tag(version: review.version)
        return review.view
    }

    private func list(_: NoInput, _ call: Call) async throws -> ReviewList {
        let page = try await workflow.page(
            of: call.path("userId"), after: call.query(.cursor), limit: call.query(.limit))
        return ReviewList(reviews: page.items.map(\.view), nextCursor: page.nextCursor)
    }

    private func hide(_: NoInput, _ call: Call) async throws -> ReviewView {
        let review = try await workflow.hide(
            call.path("id"), by: call.caller.accountID, expecting: call.check(version:))
        call.tag(version: review.version)
        return review.view
    }
}
