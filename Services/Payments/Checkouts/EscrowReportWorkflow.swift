import Logging
import Postgres
import ServiceKit
import SharedModels

/// Shows admins the money of all contracts.
struct EscrowReportWorkflow: Sendable {
    /// A payment with what other services know of it.
    struct Entry: Sendable {
        let checkout: Checkout
        let deal: Checkout.Deal
        /// `nil`, like the people, while it cannot be asked for.
        let contract: CheckoutContract?
        let client: Person?
        let freelancer: Person?
    }

    let database: Database
    let peers: any PaymentsPeers
    let logger: Logger
    let reports = EscrowReportStore()

    func revenue() async throws -> Money { try await reports.revenue(in: database) }
    func balance() async throws -> Money { try await reports.balance(in: database) }
    func months() async throws -> [EscrowReportStore.Month] { try await reports.months(in: database) }

    /// Payments that contracts took, newest first, and how many there are on all pages.
    func page(after cursor: PageCursor?, skipping skip: Int, limit: Int) async throws -> (Page<Entry>, count: Int64) {
        let page = try await reports.page(after: cursor, skipping: skip, limit: limit, in: database)
        let contracts = await peers.contracts(knownOf: page.items.compactMap { $0.deal?.contractID }, logger)
        let people = await peers.people(knownOf: page.items.flatMap { [$0.clientID, $0.freelancerID] }, logger)
        let entries = page.compactMap { checkout in
            checkout.deal.map { deal in
                Entry(
                    checkout: checkout, deal: deal, contract: contracts[deal.contractID],
                    client: people[checkout.clientID], freelancer: people[checkout.freelancerID])
            }
        }
        return (entries, try await reports.count(in: database))
    }
}
