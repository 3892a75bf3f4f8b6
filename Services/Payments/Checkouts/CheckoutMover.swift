import Logging
import Postgres
import ServiceKit
import SharedModels

/// Moves a client's payment in three steps: store what will be asked, ask, store the outcome. As ``EscrowMover`` does for
/// milestones.
struct CheckoutMover: Sendable {
    /// What the caller needs next, given the locked checkout.
    enum Step: Sendable {
        /// It is as wanted.
        case settled
        case ask(ActionKind)
    }

    /// Counts a caller's own actions and those it waited for.
    private static let maximumRounds = 6

    let database: Database
    let book: CheckoutBook
    let provider: CheckoutProvider
    let logger: Logger

    /// Moves a payment until `decide` calls it settled.
    ///
    /// - Parameters:
    ///   - wanted: The action that the caller wants. Another caller's action of this kind that is done meanwhile is the
    ///     caller's own.
    ///   - admin: Who wants it, if an admin does. The books name who began what was done.
    /// - Throws: The errors of `decide`; Stripe's or contracts' refusal; ``CheckoutError/busy(_:)`` when another action did
    ///   not end in time.
    func drive(
        _ id: CheckoutID, to wanted: ActionKind, by admin: AccountID? = nil,
        _ decide: @Sendable (inout Checkout, Transaction) async throws -> Step
    ) async throws -> Checkout {
        for _ in 0..<Self.maximumRounds {
            switch try await begin(id, by: admin, decide) {
            case .settled(let checkout): return checkout
            case .started(let action):
                try await perform(action)
                if let checkout = try await done(action.key, id) { return checkout }
            case .occupied(let key):
                let other = try await ActionWatch(database: database).end(of: key)
                guard let other else { throw CheckoutError.busy(id) }
                if other.kind == wanted, let checkout = try await done(key, id) { return checkout }
            }
        }
        throw CheckoutError.busy(id)
    }

    /// Steps two and three of an action that was begun, by us or by a process that died, and of those that follow it.
    ///
    /// - Throws: Stripe's or contracts' refusal when the action was refused; other errors when it did not end.
    func perform(_ action: Action) async throws {
        var next: Action? = action
        // One that is left is resumed later.
        for _ in 0..<Self.maximumRounds {
            guard let action = next else { return }
            next = try await performOnce(action)
        }
    }

    /// - Returns: The action that follows.
    private func performOnce(_ action: Action) async throws -> Action? {
        guard let id = action.subject.checkoutID, let checkout = try await book.checkouts.find(id, in: database),
            checkout.moving == action.key
        else { return nil }
        let outcome = try await provider.perform(action, on: checkout)
        let successor: Action? = try await database.transaction { tx in
            // Another process that resumed it may have been faster.
            guard var checkout = try await book.checkouts.lock(id, in: tx), checkout.moving == action.key else {
                return nil
            }
            return try await book.finish(action, outcome, &checkout, in: tx)
        }
        logger.info(
            "checkout action ended", metadata: ["action": "\(action.key)", "outcome": "\(outcome.name)"])
        if case .refused(let refusal) = outcome { throw refusal.error }
        return successor
    }

    private enum Beginning: Sendable {
        case settled(Checkout)
        case started(Action)
        /// Another caller's action is under way.
        case occupied(key: String)
    }

    /// Step one.
    private func begin(
        _ id: CheckoutID, by admin: AccountID?,
        _ decide: @Sendable (inout Checkout, Transaction) async throws -> Step
    ) async throws -> Beginning {
        try await database.transaction { tx in
            guard var checkout = try await book.checkouts.lock(id, in: tx) else { throw CheckoutError.busy(id) }
            if let key = checkout.moving { return .occupied(key: key) }
            switch try await decide(&checkout, tx) {
            case .settled: return .settled(checkout)
            case .ask(let kind): return .started(try await book.start(kind, by: admin, &checkout, in: tx))
            }
        }
    }

    /// The checkout, if an action on it was carried out.
    private func done(_ key: String, _ id: CheckoutID) async throws -> Checkout? {
        guard try await book.actions.find(key, in: database)?.state == .finished else { return nil }
        return try await book.checkouts.find(id, in: database)
    }
}
