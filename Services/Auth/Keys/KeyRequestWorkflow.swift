import Postgres
import ServiceKit
import SharedModels

/// What keys asked of all services, for their owners to read.
struct KeyRequestWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let keys: KeyStore
    let requests = KeyRequestStore()

    func register(on scheduler: Scheduler) {
        scheduler.every(.hours(1), "keys.requests.prune") { try await prune() }
    }

    func keep(_ notes: [KeyRequestNote]) async throws {
        guard !notes.isEmpty else { return }
        try await requests.insert(notes, in: database)
    }

    /// - Throws: 404 when the key is not the account's.
    func page(
        of key: APIKeyID, for account: AccountID, after cursor: PageCursor?, limit: Int
    ) async throws -> Page<KeyRequest> {
        guard try await keys.exists(key, of: account, in: database) else { throw KeyError.notFound(key) }
        return try await requests.page(
            of: key, since: clock.now - KeyRequest.retention, after: cursor, limit: limit, in: database)
    }

    func prune() async throws {
        try await requests.prune(before: clock.now - KeyRequest.retention, in: database)
    }
}
