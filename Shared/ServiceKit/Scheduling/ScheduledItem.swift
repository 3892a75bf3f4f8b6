import Postgres
import SharedModels

/// Work whose time has come.
package struct ScheduledItem: Sendable {
    package let kind: String
    package let key: String
    package let payload: JSONValue
    /// Counted from 1.
    package let attempt: Int
    /// When it was to be done. After a failure, when it was to be tried again.
    package let dueAt: Timestamp
    /// Tells this run from a later one of the same item.
    let claim: ClaimID

    /// Crosses the item off together with its effect, so that neither happens without the other.
    ///
    /// - Throws: ``SupersededRun`` when the item was scheduled anew, cancelled or taken over meanwhile: the
    ///   transaction must not commit then.
    package func finish(in transaction: Transaction) async throws {
        let deleted = try await transaction.execute(
            "DELETE FROM scheduled WHERE kind = \(kind) AND key = \(key) AND claim = \(claim)")
        guard deleted == 1 else { throw SupersededRun(kind: kind, key: key) }
    }
}

/// What becomes of an item after its handler.
package enum ScheduledOutcome: Sendable, Equatable {
    case done
    /// It is to be done once more, with the attempts counted anew.
    case again(at: Timestamp)
}

/// Somebody else has decided on the item while this run was under way.
package struct SupersededRun: Error, Equatable {
    let kind: String
    let key: String
}
