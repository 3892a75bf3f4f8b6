import Postgres
import ServiceKit
import SharedModels

/// Folds the changes of figures into the figures of accounts and days, oldest first. One process at a time does.
struct FigureFolding: Sendable {
    /// How often it looks. Readers count what is not folded yet, too.
    private static let pace = Duration.seconds(10)
    /// How many changes are taken at once.
    private static let batch = 1_000

    let database: Database
    let figures = FigureStore()

    func register(on scheduler: Scheduler) {
        scheduler.every(Self.pace, "talent.figures") { try await fold() }
    }

    /// - Parameter batches: How many batches to take at most.
    func fold(atMost batches: Int = .max) async throws {
        var taken = 0
        while taken < batches, try await foldSome() { taken += 1 }
    }

    /// - Returns: Whether there may be more.
    private func foldSome() async throws -> Bool {
        try await database.transaction { tx in
            guard try await figures.claimFolding(in: tx) else { return false }
            let changes = try await figures.changes(Self.batch, in: tx)
            guard !changes.isEmpty else { return false }
            let holders = try await figures.hold(Set(changes.compactMap(\.user)).sorted(), in: tx)
            try await figures.fold(changes.map(\.position), into: holders, in: tx)
            return changes.count == Self.batch
        }
    }
}
