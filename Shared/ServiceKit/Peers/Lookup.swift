import Logging
import SharedModels

/// Asks another service about things that an answer only shows. As far as that service cannot be asked, they are missing;
/// the rest of the answer is not.
package struct Lookup: Sendable {
    /// How many things our services tell of at once.
    static let batch = 100
    /// For each question: an answer without names is better than one that comes late.
    package static let deadline = Duration.seconds(2)

    private let service: ServiceName
    private let logger: Logger

    package init(at service: ServiceName, logger: Logger) {
        self.service = service
        self.logger = logger
    }

    /// The things that the service knows, by their ids. Repeated ids are asked about once. The first question without an
    /// answer is the last one.
    ///
    /// Never call inside a transaction.
    package func find<ID: Hashable, Thing>(
        _ ids: some Sequence<ID>, by id: (Thing) -> ID, _ ask: ([ID]) async throws -> [Thing]
    ) async -> [ID: Thing] {
        var rest = ArraySlice(Set(ids))
        var known: [ID: Thing] = [:]
        do {
            while !rest.isEmpty {
                for thing in try await ask(Array(rest.prefix(Self.batch))) { known[id(thing)] = thing }
                rest = rest.dropFirst(Self.batch)
            }
        } catch {
            logger.warning(
                "an answer lacks what another service knows",
                metadata: ["service": "\(service.rawValue)", "error": "\(error)"])
        }
        return known
    }
}
