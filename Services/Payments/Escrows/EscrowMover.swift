import Logging
import Postgres
import ServiceKit
import SharedModels

/// Moves money in three steps: store the call, make it at the provider, store the outcome.
///
/// All actions on an escrow compete for its row: while one is under way, no other begins. A crash between two steps
/// leaves the action in the table, and the scheduler resumes it.
struct EscrowMover: Sendable {
    /// What the caller needs next, given the locked escrow.
    enum Step: Sendable {
        /// The escrow is as wanted.
        case settled
        /// The provider must be asked.
        case ask(ActionKind)
        /// The provider must give this much back.
        case giveBack(Money)
    }

    /// Counts a caller's own actions and those it waited for. The longest case has three: another caller's action, a
    /// cancel, an authorization.
    private static let maximumRounds = 6

    let database: Database
    let book: EscrowBook
    let provider: EscrowProvider
    let payers: PayerWorkflow
    let payees = PayeeStore()
    let logger: Logger

    /// Moves an escrow until `decide` calls it settled.
    ///
    /// - Parameters:
    ///   - wanted: The action that the caller wants. If another caller's action of this kind is refused in the
    ///     meantime, this call is refused too.
    ///   - admin: Who wants it, if an admin does. The books name who began what was done.
    ///   - decide: Looks at the locked escrow. Its changes are saved with the action that it asks for. If it asks for
    ///     none, it must save them itself.
    /// - Throws: The errors of `decide`; ``ProviderError/refused(reason:)``; ``ProviderError/unavailable(reason:)``
    ///   when the action is begun and will be resumed; ``EscrowError/busy(_:)`` when another action did not end in
    ///   time.
    func drive(
        _ id: MilestoneID, to wanted: ActionKind, by admin: AccountID? = nil,
        _ decide: @Sendable (inout Escrow, Transaction) async throws -> Step
    ) async throws -> Escrow {
        for _ in 0..<Self.maximumRounds {
            switch try await begin(id, by: admin, decide) {
            case .settled(let escrow): return escrow
            case .started(let action): try await perform(action)
            case .occupied(let key):
                let other = try await end(of: key, id)
                if other.kind == wanted, other.state == .refused, let refusal = other.refusal {
                    throw ProviderError.refused(reason: refusal)
                }
            }
        }
        throw EscrowError.busy(id)
    }

    /// Steps two and three of an action that was begun, by us or by a process that died, and of those that take its place.
    ///
    /// - Throws: ``ProviderError/refused(reason:)`` when the action was refused; other errors when it did not end.
    func perform(_ action: Action) async throws {
        var next: Action? = action
        // One that is left is resumed later.
        for _ in 0..<Self.maximumRounds {
            guard let action = next else { return }
            next = try await performOnce(action)
        }
    }

    /// - Returns: The action that takes the place of this one.
    private func performOnce(_ action: Action) async throws -> Action? {
        guard let milestone = action.subject.milestoneID,
            let escrow = try await book.escrows.find(milestone, in: database), escrow.moving == action.key
        else { return nil }
        let outcome = try await ask(action, escrow)
        let successor: Action? = try await database.transaction { tx in
            // Another process that resumed it may have been faster.
            guard var escrow = try await book.escrows.lock(milestone, in: tx), escrow.moving == action.key else {
                return nil
            }
            return try await book.finish(action, outcome, &escrow, in: tx)
        }
        logger.info(
            "payment action ended", metadata: ["action": "\(action.key)", "outcome": "\(outcome.name)"])
        switch outcome {
        case .refused(let reason), .waits(let reason): throw ProviderError.refused(reason: reason)
        case .begun, .captured, .cancelled, .lapsed, .refunded, .transferred, .failed: return successor
        }
    }

    /// Step two.
    private func ask(_ action: Action, _ escrow: Escrow) async throws -> ActionOutcome {
        let payee = try await payees.find(escrow.workerID, in: database)
        guard action.kind == .authorize else {
            return try await provider.perform(action, on: escrow, from: nil, to: payee?.destination)
        }
        let customer: String
        do {
            customer = try await payers.customer(of: escrow.clientID)
        } catch ProviderError.refused(let reason) {
            return .refused(reason: reason)
        }
        let outcome = try await provider.perform(action, on: escrow, from: customer, to: nil)
        if case .refused(let reason) = outcome, StripeClient.isMissing(reason) {
            // The client's next attempt uses a new customer.
            try await payers.replace(customer, of: escrow.clientID)
        }
        return outcome
    }

    private enum Beginning: Sendable {
        case settled(Escrow)
        case started(Action)
        /// Another caller's action is under way.
        case occupied(key: String)
    }

    /// Step one.
    private func begin(
        _ id: MilestoneID, by admin: AccountID?,
        _ decide: @Sendable (inout Escrow, Transaction) async throws -> Step
    ) async throws -> Beginning {
        try await database.transaction { tx in
            guard var escrow = try await book.escrows.lock(id, in: tx) else {
                throw EscrowError.notFound(id)
            }
            if let key = escrow.moving { return .occupied(key: key) }
            switch try await decide(&escrow, tx) {
            case .settled: return .settled(escrow)
            case .ask(let kind): return .started(try await book.start(kind, by: admin, &escrow, in: tx))
            case .giveBack(let amount):
                return .started(try await book.start(.refund, amount: amount, by: admin, &escrow, in: tx))
            }
        }
    }

    /// Waits for another caller's action.
    private func end(of key: String, _ id: MilestoneID) async throws -> Action {
        guard let action = try await ActionWatch(database: database).end(of: key) else { throw EscrowError.busy(id) }
        return action
    }
}
