import ServiceKit
import SharedModels

/// The calls of this service to others. Every call may be repeated. Never call inside a transaction.
///
/// All throw `PeerRefusal` when the other side refuses, and `OutboundError` when it cannot be reached.
protocol PaymentsPeers: Sendable {
    /// Whether the account's owner had an account before; `nil` when auth does not know the account.
    func isReturning(_ account: AccountID) async throws -> Bool?
    /// Whether contracts needs the hold of a milestone, so that it must not lapse.
    func isNeeded(holdOf milestone: MilestoneID) async throws -> Bool
    /// Whether a client can pay for a job now. Contracts' refusals are the client's own.
    func quote(_ offer: CheckoutOffer) async throws -> CheckoutQuote
    /// Has contracts take a payment, or turn it down.
    func settle(_ checkout: CheckoutID, _ offer: CheckoutOffer) async throws -> CheckoutSettlement
    /// Has contracts approve the release of a contract's money.
    func release(_ contract: ContractID) async throws
    /// Has contracts cancel a paid contract, and say how far it was.
    func cancel(_ contract: ContractID, _ cancellation: CheckoutCancellation) async throws -> CheckoutDivision
    /// Those contracts that exist; at most a hundred.
    func contracts(_ ids: [ContractID]) async throws -> [CheckoutContract]
    /// Those people that exist; at most a hundred.
    func people(_ ids: [AccountID]) async throws -> [Person]
}

/// Calls the real services.
struct LivePaymentsPeers: PaymentsPeers {
    let peers: Peers

    func isReturning(_ account: AccountID) async throws -> Bool? {
        do {
            return try await peers.call(Endpoints.authInternal.account, NoInput(), path: ["id": "\(account)"])
                .isReturning
        } catch let refusal as PeerRefusal where refusal.code == .notFound {
            return nil
        }
    }

    func isNeeded(holdOf milestone: MilestoneID) async throws -> Bool {
        try await peers.call(Endpoints.contractsInternal.hold, NoInput(), path: ["id": "\(milestone)"]).isNeeded
    }

    func quote(_ offer: CheckoutOffer) async throws -> CheckoutQuote {
        try await peers.call(Endpoints.checkoutInternal.quote, offer)
    }

    func settle(_ checkout: CheckoutID, _ offer: CheckoutOffer) async throws -> CheckoutSettlement {
        try await peers.call(Endpoints.checkoutInternal.settle, offer, path: ["id": "\(checkout)"])
    }

    func release(_ contract: ContractID) async throws {
        _ = try await peers.call(Endpoints.checkoutInternal.release, NoInput(), path: ["id": "\(contract)"])
    }

    func cancel(_ contract: ContractID, _ cancellation: CheckoutCancellation) async throws -> CheckoutDivision {
        try await peers.call(Endpoints.checkoutInternal.cancel, cancellation, path: ["id": "\(contract)"])
    }

    func contracts(_ ids: [ContractID]) async throws -> [CheckoutContract] {
        try await peers.call(
            Endpoints.checkoutInternal.contracts, ContractIDs(contractIDs: ids), deadline: Lookup.deadline
        ).contracts
    }

    func people(_ ids: [AccountID]) async throws -> [Person] {
        try await peers.call(Endpoints.people.people, PeopleQuery(userIDs: ids), deadline: Lookup.deadline).people
    }
}
