import Logging
import ServiceKit
import SharedModels

/// How a worker is paid, and what becomes of money that cannot be paid out.
extension EscrowWorkflow {
    /// How long a due payout waits for the worker's account before somebody must decide.
    static let patience = Duration.days(14)
    /// How long a case about it is not opened again after it was closed, so that a worker can be onboarded meanwhile.
    static let patienceAfterClosing = Duration.days(3)

    /// Sends the earning to the worker's account.
    ///
    /// - Throws: ``PayeeError/notOnboarded(_:)`` while the worker cannot receive money.
    func payOut(_ id: MilestoneID) async throws {
        try await look(at: id, while: .released)
        _ = try await mover.drive(id, to: .transfer) { escrow, tx in
            switch escrow.state {
            // All of it has gone back to the client since.
            case .released where escrow.earning?.isZero == true:
                try await book.settlePayout(of: escrow, "The money is with the client again.", in: tx)
                return .settled
            case .released:
                guard try await mover.payees.find(escrow.workerID, in: tx)?.destination != nil else {
                    throw PayeeError.notOnboarded(escrow.workerID)
                }
                return .ask(.transfer)
            case .paid:
                return .settled
            case .unfunded, .authorizing, .held, .escrowed:
                throw EscrowError.illegalMove(.init(escrow.state, .transfer))
            }
        }
    }

    /// A payout was refused: the money needs another way.
    func reportPayout(of id: MilestoneID, _ reason: String) async throws {
        let escrow = try await book.escrows.find(id, in: database)
        let isNew = try await book.cases.open(
            .payoutRefused, "\(id)", of: escrow, escrow?.earning, believed: "the worker can be paid", reported: reason,
            at: book.clock.now, in: database)
        if isNew {
            mover.logger.error("a payout was refused", metadata: ["milestone": "\(id)", "reason": "\(reason)"])
        }
    }

    /// A payout has nowhere to go: once it is due for long, somebody must decide.
    func reportPayee(of id: MilestoneID) async throws {
        let now = book.clock.now
        guard let escrow = try await book.escrows.find(id, in: database), escrow.state == .released,
            let due = escrow.release?.payoutAt, due + Self.patience <= now,
            try await !book.cases.wasClosed(
                .payeeMissing, "\(id)", after: now - Self.patienceAfterClosing, in: database)
        else { return }
        let isNew = try await book.cases.open(
            .payeeMissing, "\(id)", of: escrow, escrow.earning, believed: "the worker was to be paid on \(due)",
            reported: "the worker has no account that money can go to", at: now, in: database)
        if isNew { mover.logger.error("a payout has nowhere to go", metadata: ["milestone": "\(id)"]) }
    }

    /// Returns released money that cannot be paid out to the client, with the platform's fee. A repeat changes nothing.
    ///
    /// - Parameter isPayeeMissing: Whether the worker has no account. If there is one by now, the money leaves for it.
    /// - Throws: ``EscrowError/payable(_:)``; ``EscrowError/illegalMove(_:)`` when the worker was paid.
    func giveBack(_ id: MilestoneID, isPayeeMissing: Bool, by admin: AccountID) async throws -> Escrow {
        try await look(at: id, while: .released)
        return try await mover.drive(id, to: .refund, by: admin) { escrow, tx in
            switch escrow.state {
            case .released where escrow.rest.isZero:
                return .settled
            case .released:
                let payee = try await mover.payees.find(escrow.workerID, in: tx)
                if isPayeeMissing, payee?.destination != nil { throw EscrowError.payable(id) }
                return .giveBack(escrow.rest)
            case .unfunded, .authorizing, .held, .escrowed, .paid:
                throw EscrowError.illegalMove(.init(escrow.state, .refund))
            }
        }
    }
}
