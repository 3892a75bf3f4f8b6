import ServiceKit
import SharedModels

/// `/api/client/review`.
struct ClientReviewRoutes: Sendable {
    let workflow: ReviewWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.clientReviews.rate, rate)
        routes.handle(Endpoints.clientReviews.list, list)
    }

    private func rate(_ input: FreelancerRating, _ call: Call) async throws -> RatingAnswer {
        let review = try await workflow.rate(
            input.freelancerID.id, in: input.contractID.id, input.rating, input.description,
            by: call.ownID("clientId"))
        return RatingAnswer(
            message: "The review was saved.",
            data: review.document(ObjectID(review.contractID), ObjectID(review.reviewer)))
    }

    private func list(_: NoInput, _ call: Call) async throws -> FreelancerReviews {
        let list = try await workflow.page(byClientsOf: call.path("freelancerId"), from: call.place)
        let data = list.page.map { work in
            work.review.document(work.contract, list.surroundings.publicParty(work.review.reviewer))
        }
        return FreelancerReviews(count: list.count, data: data.items, nextCursor: data.nextCursor)
    }
}

extension Review {
    fileprivate func document<Contract: HirePart, Client: HirePart>(
        _ contract: Contract, _ client: Client
    ) -> FreelancerReviewDocument<Contract, Client> {
        FreelancerReviewDocument(
            _id: ObjectID(id), contractID: contract, clientID: client, freelancerID: ObjectID(reviewed),
            rating: rating, description: text ?? "", createdAt: createdAt, updatedAt: updatedAt)
    }
}

extension ReviewOfWork {
    /// Only completed contracts are reviewed.
    fileprivate var contract: ReviewedHire {
        ReviewedHire(
            _id: ObjectID(review.contractID), contractID: number, jobID: ObjectID(jobID), title: review.gigTitle,
            status: .completed, amount: amount.map { Rupees($0) })
    }
}
