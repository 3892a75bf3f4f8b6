import ServiceKit
import SharedModels

/// What other services ask of this one, and tell it.
struct InternalRoutes: Sendable {
    let context: DealContext
    let news: DealNews

    func register(on routes: Routes) {
        routes.handle(ContractsInternal.openDeals, openDeals)
        routes.handle(ContractsInternal.receiveEvents, receiveEvents)
    }

    private func openDeals(_: NoInput, _ call: Call) async throws -> OpenDeals {
        try await context.negotiations.openDeals(of: call.path("id"), in: context.database)
    }

    private func receiveEvents(_ batch: EventBatch, _ call: Call) async throws -> NoOutput {
        for event in batch.events { try await news.take(event) }
        return NoOutput()
    }
}
