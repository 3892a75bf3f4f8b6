import ServiceKit
import SharedModels

/// Admins' lists and reports of the money of contracts.
struct EscrowReportRoutes: Sendable {
    let workflow: EscrowReportWorkflow
    let checkouts: CheckoutWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.escrow.totalRevenue) { _, _ in RupeesAnswer(Rupees(try await workflow.revenue())) }
        routes.handle(Endpoints.escrow.balance) { _, _ in RupeesAnswer(Rupees(try await workflow.balance())) }
        routes.handle(Endpoints.escrow.transactions) { _, call in
            let (limit, cursor): (Int, PageCursor?) = (try call.query(.limit), try call.query(.cursor))
            let skip = cursor == nil ? (try call.query(.page) - 1) * limit : 0
            let (page, count) = try await workflow.page(after: cursor, skipping: skip, limit: limit)
            return EscrowTransactionList(count: count, data: page.items.map(view), nextCursor: page.nextCursor)
        }
        routes.handle(Endpoints.escrow.salesReport) { _, _ in
            EscrowSalesReport(data: try await workflow.months().map(\.view))
        }
    }

    private func view(_ entry: EscrowReportWorkflow.Entry) -> EscrowTransactionView {
        let (checkout, deal, contract) = (entry.checkout, entry.deal, entry.contract)
        return EscrowTransactionView(
            checkout.record(deal, checkouts.shares(of: checkout)),
            client: party(checkout.clientID, entry.client), freelancer: party(checkout.freelancerID, entry.freelancer),
            contract: EscrowContract(
                _id: ObjectID(deal.contractID), contractID: deal.number, jobTitle: deal.jobTitle,
                status: contract?.status, releaseFundStatus: contract?.releaseFundStatus,
                isApproved: contract?.isApproved, createdAt: contract?.createdAt))
    }

    private func party(_ id: AccountID, _ person: Person?) -> EscrowParty {
        EscrowParty(_id: ObjectID(id), name: person?.name ?? "", email: person?.email ?? "")
    }
}

extension EscrowReportStore.Month {
    fileprivate var view: EscrowMonth {
        EscrowMonth(
            month: month, totalRevenue: Rupees(gross), platformEarnings: Rupees(fees),
            freelancerEarnings: Rupees(earnings), totalTransactions: count)
    }
}
