import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import PaymentsService
@testable import SharedModels

/// A contract of the flow `escrow_checkout`, and what its client offers for it.
struct PaidContract: Sendable {
    let offer: CheckoutOffer
    let contract: CheckoutContract

    var id: ContractID { contract.contractID }
    var client: AccountID { offer.clientUserID }
    var freelancer: AccountID { offer.freelancerUserID }

    /// - Parameter amount: In paise.
    init(
        _ amount: Int64 = 100_000, status: CheckoutContractStatus = .pending, of client: AccountID? = nil,
        for freelancer: AccountID? = nil
    ) {
        offer = CheckoutOffer(
            jobID: .make(at: .start), clientUserID: client ?? .make(at: .start),
            freelancerUserID: freelancer ?? .make(at: .start),
            amount: amount)
        contract = .sample(offer, status: status)
    }
}

extension OutsideWorld {
    var checkouts: CheckoutWorkflow { features.checkouts }

    /// A contract whose client has a page to pay on.
    func opened(_ deal: PaidContract = PaidContract()) async throws -> PaidContract {
        peers.add(deal.contract)
        _ = try await checkouts.pay(for: deal.offer, title: "A logo")
        return deal
    }

    /// A contract whose money is in escrow.
    func funded(_ deal: PaidContract = PaidContract()) async throws -> PaidContract {
        let deal = try await opened(deal)
        try await stripe.pay(checkout(deal).sessionID)
        try await hear()
        return deal
    }

    /// A contract whose money is in the freelancer's wallet.
    func released(_ deal: PaidContract = PaidContract()) async throws -> PaidContract {
        let deal = try await funded(deal)
        peers.change(deal.id, status: .completed, release: .requested)
        _ = try await release(deal)
        return deal
    }

    /// The newest payment for a contract.
    func checkout(_ deal: PaidContract) async throws -> Checkout {
        try #require(try await all(deal).last)
    }

    /// All payments for a contract, oldest first.
    func all(_ deal: PaidContract) async throws -> [Checkout] {
        try await database.all(
            """
            SELECT \(fragment: CheckoutStore.columns) FROM checkouts
             WHERE job_id = \(deal.offer.jobID) ORDER BY created_at, id
            """, Checkout.init(row:))
    }

    func escrowed(_ deal: PaidContract) async throws -> Int64 {
        try await balance(.escrow(checkout(deal).id, .inr))
    }

    func wallet(_ owner: AccountID) async throws -> Int64 { try await balance(.wallet(owner, .inr)) }

    /// What a wallet's owner owes.
    func owed(_ owner: AccountID) async throws -> Int64 { try await -balance(.receivable(owner, .inr)) }

    /// Some of a wallet's money is paid out by hand, or that comes back.
    @discardableResult
    func payOut(
        _ paise: Int64, to owner: AccountID, _ reference: String = "NEFT-1", cameBack: Bool? = nil,
        by admin: AccountID = .make(at: .start)
    ) async throws -> Int64 {
        let payout = WalletPayoutInput(amount: Rupees(paise: paise), reference: reference, cameBack: cameBack)
        return try await features.wallets.note(payout, of: owner, by: admin).paise
    }

    /// The client's bank disputes a contract's payment.
    func dispute(_ deal: PaidContract) async throws -> String {
        let made = try await stripe.tell("stripe/disputes", ["payment_intent": intent(deal)])
        try await hear()
        return try #require(made["id"]?.string)
    }

    func decide(_ dispute: String, _ outcome: String) async throws {
        try await stripe.tell("stripe/disputes/\(dispute)", ["outcome": .string(outcome)])
        try await hear()
    }

    /// An admin gives the money to the freelancer.
    func release(_ deal: PaidContract, by admin: AccountID = .make(at: .start)) async throws -> Checkout {
        try await checkouts.release(deal.id, by: admin)
    }

    /// The client asks for the money back, or an admin does.
    func refund(_ deal: PaidContract, by caller: Principal? = nil) async throws -> Checkout {
        try await checkouts.refund(
            deal.id, to: deal.client, because: .init(reason: "No time", description: "Sorry"),
            by: caller ?? .client(deal.client))
    }

    /// The payment at Stripe, for what others do to it.
    func intent(_ deal: PaidContract) async throws -> JSONValue {
        .string(try #require(try await checkout(deal).payment?.intentID))
    }
}

extension Principal {
    static func client(_ id: AccountID) -> Self {
        Self(accountID: id, userType: .client, isAdmin: false, plan: .free, credential: .accessToken)
    }
    static func freelancer(_ id: AccountID) -> Self {
        Self(accountID: id, userType: .freelancer, isAdmin: false, plan: .free, credential: .accessToken)
    }
    static var admin: Self {
        Self(
            accountID: .make(at: .start), userType: .freelancer, isAdmin: true, plan: .free,
            credential: .accessToken)
    }
}
