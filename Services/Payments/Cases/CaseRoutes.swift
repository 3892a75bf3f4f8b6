import ServiceKit
import SharedModels

/// Cases, for admins.
struct CaseRoutes: Sendable {
    let workflow: CaseWorkflow
    let resolutions: CaseResolver

    func register(on routes: Routes) {
        routes.handle(Endpoints.escrowCases.list) { _, call in
            let page = try await workflow.page(
                isOpen: call.query(EscrowCaseEndpoints.status).map { $0 == .open }, after: call.query(.cursor),
                limit: call.query(.limit))
            return EscrowCaseList(cases: page.items.map(\.view), nextCursor: page.nextCursor)
        }
        routes.handle(Endpoints.escrowCases.close) { input, call in
            try await workflow.close(call.path("id"), by: call.caller.accountID, input.note).view
        }
        routes.handle(Endpoints.escrowCases.resolve) { input, call in
            try await resolutions.resolve(
                call.path("id"), by: input.action, because: input.note, admin: call.caller.accountID
            ).view
        }
    }
}

extension EscrowCase {
    var view: EscrowCaseView {
        EscrowCaseView(
            id: id, kind: kind, status: closedAt == nil ? .open : .closed, subject: subject, milestoneID: milestoneID,
            contractID: contractID, userID: accountID, amountCents: amount?.minorUnits, currency: amount?.currency,
            believed: believed, reported: reported, allowedActions: closedAt == nil ? allowedActions : [], note: note,
            createdAt: openedAt, closedAt: closedAt)
    }
}
