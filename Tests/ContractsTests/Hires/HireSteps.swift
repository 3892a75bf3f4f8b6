import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

// Hires at several stages.
extension Deals {
    /// Made by the client, at 1,000 rupees.
    func hired(for job: GigID = .make(at: .start)) async throws -> Hire {
        try await hires.create(for: job, with: worker, amount: .rupees(1000), by: client)
    }

    func approvedHire() async throws -> Hire {
        try await hires.approve(try await hired().id, by: worker, expecting: anyVersion)
    }

    /// Started: approved and paid.
    func startedHire() async throws -> Hire {
        let hire = try await approvedHire()
        return try #require(try await pay(hire).hire)
    }

    func ongoingHire() async throws -> Hire {
        try await hires.set(.ongoing, of: startedHire().id, by: worker, expecting: anyVersion)
    }

    func completedHire() async throws -> Hire {
        try await hires.set(.completed, of: ongoingHire().id, by: worker, expecting: anyVersion)
    }

    /// The client pays what the hire costs.
    func pay(_ hire: Hire, as id: CheckoutID = .make(at: .start)) async throws -> Settlement {
        try await settlements.settle(id, offer(hire))
    }

    func offer(_ hire: Hire, amount: Int64? = nil) -> CheckoutOffer {
        CheckoutOffer(
            jobID: hire.jobID, clientUserID: hire.parties.client, freelancerUserID: hire.parties.worker,
            amount: amount ?? hire.amount.minorUnits, contractID: hire.id)
    }

    /// What a client pays who pays before there is a contract.
    func offer(for job: GigID, amount: Int64 = 100_000) -> CheckoutOffer {
        CheckoutOffer(jobID: job, clientUserID: client, freelancerUserID: worker, amount: amount)
    }

    func hire(_ id: ContractID) async throws -> Hire {
        try #require(try await HireStore().find(id, in: database))
    }

    /// What other services were told of hires, in order.
    func hireNews() async throws -> [CheckoutContract] {
        try await database.all(
            """
            SELECT data::text AS data FROM outbox
             WHERE name = 'checkout.contract.changed' AND destination = 'jobs' ORDER BY position
            """
        ) { try JSONValue.parse(Array($0.decode("data", as: String.self).utf8)).decode(CheckoutContract.self) }
    }
}

extension Money {
    static func rupees(_ count: Int64) -> Self { Money.inr(paise: count * 100) }
}
