import Logging
import ServiceKit
import SharedModels

/// What talent knows about people.
protocol PeoplePeers: Sendable {
    /// Their names and pictures, as they are in their profiles now. Nobody is found when talent cannot be asked: that is
    /// no reason to keep somebody out. Never call inside a transaction.
    func find(_ accounts: [AccountID]) async -> [AccountID: Person]

    /// Those whose names, as they are in their profiles now, have words that begin so. Nobody is found when talent cannot be
    /// asked: names as people signed up are known here.
    func named(_ name: String, _ type: UserType) async -> [AccountID]
}

/// Asks the real talent.
struct LivePeoplePeers: PeoplePeers {
    /// Somebody is signing in.
    private static let deadline = Duration.seconds(1)

    let peers: Peers
    let logger: Logger

    func find(_ accounts: [AccountID]) async -> [AccountID: Person] {
        do {
            let batch = try await peers.call(
                Endpoints.people.people, PeopleQuery(userIDs: accounts), deadline: Self.deadline)
            return Dictionary(batch.people.map { ($0.userID, $0) }) { $1 }
        } catch {
            logger.info("people are shown as they signed up", metadata: ["error": "\(error)"])
            return [:]
        }
    }

    func named(_ name: String, _ type: UserType) async -> [AccountID] {
        do {
            let query = NameQuery(name: name, userType: type)
            return try await peers.call(Endpoints.people.named, query, deadline: Self.deadline).userIDs
        } catch {
            logger.info("people are looked for by the names they signed up with", metadata: ["error": "\(error)"])
            return []
        }
    }
}
