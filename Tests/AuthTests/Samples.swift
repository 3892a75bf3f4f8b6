import Foundation
import ServiceKit
import SharedModels

@testable import AuthService

extension GitHubUser {
    static func named(
        _ login: String, id: Int64, since createdAt: Timestamp = Timestamp(seconds: 1_300_000_000),
        repositories: Int64 = 3, showing email: String? = nil,
        emails: [(address: String, isPrimary: Bool, isVerified: Bool)] = []
    ) throws -> Self {
        let json: JSONValue = [
            "id": .integer(id), "login": .string(login), "created_at": .string(createdAt.description),
            "public_repos": .integer(repositories), "email": email.map { .string($0) } ?? .null,
        ]
        let addresses = emails.map { email -> JSONValue in
            ["email": .string(email.address), "primary": .bool(email.isPrimary), "verified": .bool(email.isVerified)]
        }
        guard let user = GitHubUser(json: json, emails: .array(addresses)) else { throw CocoaError(.coderInvalidValue) }
        return user
    }
}

extension IdentityDigests {
    static let ofTests = IdentityDigests(
        .departedIdentities, of: RotatingSecret(Secret("by which the departed are recognised")))
}
