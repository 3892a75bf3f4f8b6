import Foundation
import Postgres
import ServiceKit
import SharedModels
import TestSupport

@testable import AuthService

/// A database of auth's with one account in it.
enum AuthDatabase {
    static func use<Result>(
        _ clock: TestClock, _ body: (Database, AccountID) async throws -> Result
    ) async throws -> Result {
        try await TestDatabase.use(of: .auth) { database in
            let account = Account.signingUp(try .named("ada", id: 1), plan: .free, at: clock.now)
            try await database.transaction { tx in _ = try await AccountStore().insertIfAbsent(account, in: tx) }
            return try await body(database, account.id)
        }
    }
}

extension GitHubUser {
    static func named(
        _ login: String, id: Int64, since createdAt: Timestamp = Timestamp(seconds: 1_300_000_000),
        repositories: Int64 = 3
    ) throws -> Self {
        let json: JSONValue = [
            "id": .integer(id), "login": .string(login), "created_at": .string(createdAt.description),
            "public_repos": .integer(repositories),
        ]
        guard let user = GitHubUser(json: json) else { throw CocoaError(.coderInvalidValue) }
        return user
    }
}

extension IdentityDigests {
    static let ofTests = IdentityDigests(.departedIdentities, of: Secret("by which the departed are recognised"))
}
