import ServiceKit
import SharedModels

/// Wallets, for their owners, and for admins who pay them out.
struct WalletRoutes: Sendable {
    let workflow: WalletWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.wallets.earnings) { _, call in
            WalletAnswer(try await workflow.wallet(of: call.path("userId"), for: call.caller.accountID).view)
        }
        routes.handle(Endpoints.wallets.transactions) { _, call in
            let (limit, cursor): (Int, PageCursor?) = (try call.query(.limit), try call.query(.cursor))
            let skip = cursor == nil ? (try call.query(.page) - 1) * limit : 0
            let (page, count) = try await workflow.movements(
                of: call.path("walletId"), for: call.caller.accountID, after: cursor, skipping: skip, limit: limit)
            return WalletTransactionList(
                count: count, data: page.items.map(\.transaction), nextCursor: page.nextCursor)
        }
        routes.handle(Endpoints.wallets.salesReport) { _, call in
            let months = try await workflow.months(of: call.path("userId"), for: call.caller.accountID)
            return WalletSalesReport(
                data: months.map {
                    WalletMonth(month: $0.month, totalRevenue: Rupees($0.total), totalTransactions: $0.count)
                })
        }
        routes.handle(Endpoints.escrow.payWallet) { input, call in
            let owner: AccountID = try call.path("userId")
            let balance = try await workflow.note(input, of: owner, by: call.caller.accountID)
            return WalletPayoutAnswer(
                message: input.cameBack == true ? "The return is in the books." : "The payout is in the books.",
                data: WalletBalanceView(userID: ObjectID(owner), balance: balance))
        }
    }
}

extension Wallet {
    fileprivate var view: WalletView {
        WalletView(
            _id: ObjectID(id), userID: ObjectID(owner), balance: Rupees(balance), transactions: moves.map(\.move),
            createdAt: createdAt, updatedAt: updatedAt)
    }
}

extension WalletMovement {
    private var type: EscrowTransactionType { entry.amount < 0 ? .debit : .credit }
    private var size: Rupees { Rupees(paise: abs(entry.amount)) }

    fileprivate var move: WalletMove {
        WalletMove(
            amount: size, description: description, type: type, date: entry.at,
            contractID: checkout?.deal.map { ObjectID($0.contractID) })
    }

    fileprivate var transaction: WalletTransactionView {
        WalletTransactionView(
            amount: size, type: type, description: description, date: entry.at,
            contractID: checkout?.deal?.number ?? "", clientName: client?.name ?? "")
    }
}
