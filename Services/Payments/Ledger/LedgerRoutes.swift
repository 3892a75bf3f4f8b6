import ServiceKit
import SharedModels

/// The books, for contracts, which shows them to the parties, and for admins.
struct LedgerRoutes: Sendable {
    let workflow: LedgerWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.paymentsInternal.postings) { input, _ in
            let entries = try await workflow.entries(
                of: input.milestoneIDs, input.disputeIDs, paidFor: input.contractID, isWhole: input.isWhole)
            return ContractLedger(entries: entries.map(\.view))
        }
        routes.handle(Endpoints.ledger.account) { _, call in
            let (account, page) = try await workflow.account(
                call.query(LedgerEndpoints.accountID), after: call.query(.cursor), limit: call.query(.limit))
            return AccountLedger(
                account: account.id, unit: account.unit.rawValue, balanceMinor: account.balance,
                entries: page.items.map(\.view), nextCursor: page.nextCursor)
        }
    }
}

extension LedgerEntry {
    var view: LedgerEntryView {
        LedgerEntryView(
            transactionID: transactionID, kind: kind.rawValue, account: account, amountMinor: amount.minorUnits,
            currency: amount.currency, balanceMinor: balance?.minorUnits, action: action,
            requestID: requestID, at: at)
    }
}

extension AccountEntry {
    fileprivate var view: AccountEntryView {
        AccountEntryView(
            transactionID: transactionID, kind: kind.rawValue, amountMinor: amount, balanceMinor: balance,
            action: action, requestID: requestID, adminID: adminID, at: at)
    }
}
