import Postgres
import SharedModels

extension Database {
    /// Takes things of another Skillhouse over, one after the other and in one transaction.
    ///
    /// - Parameters:
    ///   - isRehearsal: Whether the transaction is undone in the end.
    ///   - body: Brings one thing, and says what became of it.
    package func bring<Thing: Sendable>(
        _ things: [Thing], isRehearsal: Bool, _ body: (Thing, Transaction) async throws -> ImportOutcome
    ) async throws -> [ImportOutcome] {
        do {
            return try await transaction { tx in
                var outcomes: [ImportOutcome] = []
                for thing in things { outcomes.append(try await body(thing, tx)) }
                guard isRehearsal else { return outcomes }
                // What waits to be sent is tried, too.
                try await tx.execute("SELECT 1")
                throw Rehearsed(outcomes: outcomes)
            }
        } catch let rehearsed as Rehearsed {
            return rehearsed.outcomes
        }
    }

    /// Ends a transaction of which nothing is to stay.
    private struct Rehearsed: Error {
        let outcomes: [ImportOutcome]
    }
}

extension Routes {
    /// Answers requests that bring things of another Skillhouse.
    package func handleImport<Thing: Model>(
        _ endpoint: Endpoint<ImportedThings<Thing>, ImportAnswer>,
        _ bring: @escaping @Sendable ([Thing], _ isRehearsal: Bool) async throws -> [ImportOutcome]
    ) {
        handle(endpoint) { input, _ in
            ImportAnswer(outcomes: try await bring(input.things, input.isRehearsal))
        }
    }
}
