import Postgres
import ServiceKit
import SharedModels

/// Clears up after a webhook or channel that was removed or disabled, a batch at a time: there may be a million
/// deliveries.
struct LineClearing: Sendable {
    /// Longer than an attempt that was under way.
    static let after = Duration.seconds(15)
    private static let batch = 500
    /// Batches at a stretch. Together they stay far below the time that work may take.
    private static let stretch = 20

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let lines = LineStore()

    func register(on scheduler: Scheduler) {
        scheduler.on(ClearLine.self) { work -> ScheduledOutcome in
            for _ in 0..<Self.stretch {
                if try await database.transaction({ tx in try await clearSome(of: work.subject, in: tx) }) {
                    return .done
                }
            }
            return .again(at: clock.now)
        }
    }

    /// Has lines take nothing more, and what belongs to them deleted. The time it takes does not grow with that.
    func remove(_ ids: [LineID], in tx: Transaction) async throws {
        try await schedule(try await lines.remove(ids, at: clock.now, in: tx), in: tx)
    }

    /// To be called in the transaction that closes or removes the lines.
    func schedule(_ ids: [LineID], in tx: Transaction) async throws {
        for id in ids { try await scheduler.schedule(ClearLine(id), at: clock.now + Self.after, in: tx) }
    }

    /// - Returns: Whether nothing is left.
    private func clearSome(of id: LineID, in tx: Transaction) async throws -> Bool {
        try await PlansByIndex.require(in: tx)
        // Enabled again meanwhile: what waits is sent.
        guard let ending = try await lines.lockEnding(of: id, in: tx) else { return true }
        let cleared = try await lines.deletePending(
            of: id, keeping: ending == .closed, limit: Self.batch, at: clock.now, in: tx)
        guard cleared == 0 else { return false }
        guard ending == .removed else { return true }
        guard try await lines.deleteHistory(of: id, limit: Self.batch, in: tx) == 0 else { return false }
        try await lines.delete(id, in: tx)
        return true
    }
}

/// Clears up after one webhook or channel.
struct ClearLine: WorkOnSubject {
    static let kind = "line.clear"
    let subject: LineID
}
