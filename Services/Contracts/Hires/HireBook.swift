import Postgres
import ServiceKit
import SharedModels

/// The changes of a hire in our own database. Each is made in the caller's transaction, on the locked row, under a new
/// version, together with its events.
struct HireBook: Sendable {
    /// How often a number may be taken already.
    private static let numbers = 20

    let clock: any DomainClock
    let outbox: Outbox
    let deals: DealBook
    /// Draws the number of a new hire. It need not be free.
    var number: @Sendable () -> String = { ContractNumber.make() }

    let hires = HireStore()

    /// Locks a hire for one of its parties.
    ///
    /// - Throws: ``HireError/notFound``, also for a stranger; ``ActionError/partyIsLeaving`` while the hire can still
    ///   change.
    func lock(_ id: ContractID, for caller: AccountID, in tx: Transaction) async throws -> (Hire, PartyRole) {
        guard let hire = try await hires.lock(id, in: tx), let role = hire.parties.role(of: caller) else {
            throw HireError.notFound
        }
        if !hire.status.isEnd { try await deals.requireStaying(hire.parties, in: tx) }
        return (hire, role)
    }

    /// Adds a hire under its own number, and tells of it.
    ///
    /// - Parameter make: Makes it with the number.
    /// - Returns: `nil` when the job has a hire already.
    func add(_ make: (String) throws -> Hire, in tx: Transaction) async throws -> Hire? {
        for _ in 0..<Self.numbers {
            let hire = try make(number())
            if try await hires.insertIfAbsent(hire, in: tx) {
                try await announce(ContractCreated.self, hire, .created, in: tx)
                return hire
            }
            if try await hires.find(of: hire.jobID, in: tx) != nil { return nil }
        }
        throw NoFreeNumber()
    }

    /// Saves a changed hire and tells of the change.
    func save(_ hire: inout Hire, telling change: CheckoutChange, in tx: Transaction) async throws {
        try await save(&hire, in: tx)
        try await announce(ContractUpdated.self, hire, change, in: tx)
    }

    /// Saves a changed hire without an event.
    func save(_ hire: inout Hire, in tx: Transaction) async throws {
        hire.touch(at: clock.now)
        try await hires.save(hire, in: tx)
    }

    private func announce<E: Event>(
        _ event: E.Type, _ hire: Hire, _ change: CheckoutChange, in tx: Transaction
    ) async throws where E.Content == ContractNews {
        try await outbox.append(
            Announcement(
                CheckoutContractChanged.self, of: hire.id, sequence: hire.version, hire.facts, at: hire.updatedAt),
            in: tx)
        try await outbox.append(
            Announcement(
                event, of: hire.id, sequence: hire.version, to: hire.parties.all, hire.news(change),
                at: hire.updatedAt),
            in: tx)
    }
}

/// Every number that was drawn is taken: nearly all of them are, and they need another digit.
struct NoFreeNumber: Error {}
