import Logging
import ServiceKit
import SharedModels

/// What talent knows about people.
protocol People: Sendable {
    /// The addresses of their pictures. Whoever has none is left out, and so is everybody when talent cannot be asked:
    /// a picture is no reason to keep somebody out. Never call inside a transaction.
    func pictures(of accounts: [AccountID]) async -> [AccountID: String]
}

/// Asks the real talent.
struct LivePeople: People {
    /// Somebody is signing in.
    private static let deadline = Duration.seconds(1)

    let peers: Peers
    let logger: Logger

    func pictures(of accounts: [AccountID]) async -> [AccountID: String] {
        do {
            let batch = try await peers.call(
                Endpoints.people.people, PeopleQuery(userIDs: accounts), deadline: Self.deadline)
            return Dictionary(batch.people.map { ($0.userID, $0.picture) }) { $1 }
        } catch {
            logger.info("people are shown without pictures", metadata: ["error": "\(error)"])
            return [:]
        }
    }
}
