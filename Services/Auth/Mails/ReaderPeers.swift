import Logging
import ServiceKit
import SharedModels

/// In which language people want to be written to.
protocol ReaderPeers: Sendable {
    /// - Returns: `nil` when the account has chosen none, or notifications cannot be asked: a mail in another language
    ///   is better than none. Never call inside a transaction.
    func language(of account: AccountID) async -> Language?
}

/// Asks the real notifications.
struct LiveReaderPeers: ReaderPeers {
    let peers: Peers
    let logger: Logger

    func language(of account: AccountID) async -> Language? {
        do {
            return try await peers.call(
                Endpoints.notificationsInternal.language, NoInput(), path: ["id": "\(account)"],
                deadline: Lookup.deadline
            ).locale
        } catch {
            logger.warning("a reader's language is not known", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
