import ServiceKit
import SharedModels

/// `/api/contracts/{id}/milestones`.
struct MilestoneRoutes: Sendable {
    let milestones: MilestoneWorkflow
    let releases: ReleaseWorkflow
    let withdrawals: WithdrawalWorkflow
    /// What a browser needs beside the secret of a payment.
    let publishableKey: String?

    func register(on routes: Routes) {
        routes.handle(Endpoints.contracts.addMilestone, add)
        routes.handle(Endpoints.contracts.withdrawMilestone, withdraw)
        routes.handle(Endpoints.contracts.fund, fund)
        routes.handle(Endpoints.contracts.deliver, deliver)
        routes.handle(Endpoints.contracts.release, release)
    }

    private func add(_ input: MilestoneInput, _ call: Call) async throws -> MilestoneView {
        let (contract, milestone) = try await milestones.add(
            input, to: call.path("id"), by: call.caller.accountID,
            expecting: call.check(version:))
        call.tag(version: contract.version)
        return contract.view(of: milestone, for: .client, at: call.now)
    }

    private func withdraw(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await withdrawals.withdraw(
            call.path("milestoneId"), of: call.path("id"), by: call.caller.accountID,
            expecting: call.check(version:))
        return NoOutput()
    }

    private func fund(_: NoInput, _ call: Call) async throws -> FundingView {
        let funding = try await milestones.fund(
            call.path("milestoneId"), of: call.path("id"), by: call.caller.accountID,
            expecting: call.check(version:))
        return FundingView(
            clientSecret: funding.clientSecret, publishableKey: funding.clientSecret.flatMap { _ in publishableKey },
            status: funding.status, paymentIntentID: funding.paymentIntentID)
    }

    private func deliver(_ input: DeliveryInput, _ call: Call) async throws -> ContractView {
        let contract = try await milestones.deliver(
            input, for: call.path("milestoneId"), of: call.path("id"), by: call.caller.accountID,
            expecting: call.check(version:))
        call.tag(version: contract.version)
        return contract.view(for: contract.parties.role(of: call.caller.accountID), at: call.now)
    }

    private func release(_: NoInput, _ call: Call) async throws -> ReleaseView {
        let release = try await releases.release(
            call.path("milestoneId"), of: call.path("id"), by: call.caller.accountID,
            expecting: call.check(version:))
        if release.status == .releasing { call.answer(status: 202) }
        return ReleaseView(
            status: release.status, amountCents: release.amount.minorUnits,
            platformFeeCents: release.payout.fee.minorUnits, transferCents: release.payout.transfer.minorUnits,
            payoutAt: release.payout.leavesAt)
    }
}
