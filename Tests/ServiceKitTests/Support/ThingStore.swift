import Postgres
import SharedModels

/// Every statement on the table `things`.
struct ThingStore: Sendable {
    static let migration = (
        name: "0001_create_things.sql",
        sql: """
        -- Something that requests can change.
        CREATE TABLE things (
            id       uuid   PRIMARY KEY,
            owner_id uuid   NOT NULL,
            name     text   NOT NULL,
            version  bigint NOT NULL
        );
        """
    )

    func insert(_ thing: ThingView, of owner: AccountID, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            INSERT INTO things (id, owner_id, name, version)
            VALUES (\(thing.id), \(owner), \(thing.name), \(thing.version))
            """
        )
    }

    func get(_ id: ThingID, in executor: some SQLExecutor) async throws -> ThingView? {
        try await executor.first(
            "SELECT id, name, version FROM things WHERE id = \(id)",
            ThingView.init(row:)
        )
    }

    /// Reads a thing and locks it.
    func lock(_ id: ThingID, in tx: Transaction) async throws -> ThingView? {
        try await tx.first(
            "SELECT id, name, version FROM things WHERE id = \(id) FOR UPDATE",
            ThingView.init(row:)
        )
    }

    func save(_ thing: ThingView, in tx: Transaction) async throws {
        try await tx.execute(
            "UPDATE things SET name = \(thing.name), version = \(thing.version) WHERE id = \(thing.id)")
    }

    func names(of owner: AccountID, in executor: some SQLExecutor) async throws -> [String] {
        try await executor.all("SELECT name FROM things WHERE owner_id = \(owner) ORDER BY id") {
            try $0.decode("name")
        }
    }
}

extension ThingView {
    fileprivate init(row: Row) throws {
        self.init(id: try row.decode("id"), name: try row.decode("name"), version: try row.decode("version"))
    }
}
