import Foundation
import SharedModels
import Testing

/// The visitors' credentials, each created once and brought into the state that its name says.
struct Visitors: Sendable {
    private let stack: Stack
    private let world: GuardedWorld
    /// Visitors that use the same credential everywhere.
    private let standing: [Visitor: [Caller]]
    /// For each party and each scope, a key that has all scopes except that one.
    private let lacking: [UserType: [Scope: Caller]]

    static func make(in world: GuardedWorld, _ stack: Stack) async throws -> Visitors {
        let rows = try AuthRows()
        let made: Visitors
        do {
            made = Visitors(
                stack: stack, world: world, standing: try await standing(in: stack, rows),
                lacking: [
                    .client: try await lacking(world.deal.client, rows),
                    .freelancer: try await lacking(world.deal.worker, rows),
                ])
        } catch {
            await rows.close()
            throw error
        }
        await rows.close()
        return made
    }

    private static func standing(in stack: Stack, _ rows: AuthRows) async throws -> [Visitor: [Caller]] {
        func holder(_ headers: (String, String)...) -> [Caller] {
            var caller = stack.anyone
            caller.headers = headers
            return [caller]
        }
        let account = try await stack.client()
        let (expired, revoked) = (try await account.key(), try await account.key())
        let (key, other) = (try await account.key(), try await account.key())
        try await rows.expire(key: expired.id)
        try await account.session.succeed(Endpoints.keys.revoke.operation, ["id": revoked.id])
        let ended = "ended-\(UUID().uuidString)"
        try await rows.addEndedSession(ended, of: account.id)
        let gone = try await stack.client()
        try await gone.session.succeed(Endpoints.session.end.operation)
        let app = try await OAuthApp.make(by: try await stack.client(), in: stack)
        let token = try await stack.admin().caller
        try await token.succeed(Endpoints.session.end.operation)
        let signedOut = [gone.session, token]
        let deleted = try await deletedAccount(in: stack)
        // Talent knew the credentials from the sign-in.
        for caller in signedOut + deleted { try await caller.waitUntilRefused(at: Endpoints.profiles.me.operation) }
        return [
            .nobody: [stack.anyone],
            .madeUpKey: holder(("x-api-key", "cc_live_0000000000000000000000000000000000000000")),
            .madeUpSession: holder(("Cookie", "guildhall_session=eyJhbGciOiJub25lIn0.e30.")),
            .noBearer: holder(("Authorization", "Basic YTpi")),
            .twoKeys: holder(("Authorization", "Bearer \(key.text)"), ("x-api-key", other.text)),
            .expiredKey: [expired.caller], .expiredSession: holder(("Cookie", "guildhall_session=\(ended)")),
            .revokedKey: [revoked.caller], .signedOut: signedOut, .deletedAccount: deleted,
            .keyHolder: [key.caller], .tokenHolder: [try await app.tokens(from: account).caller],
            .sessionHolder: [account.session],
        ]
    }

    /// The session and a key of an account that was deleted.
    private static func deletedAccount(in stack: Stack) async throws -> [Caller] {
        let account = try await stack.client()
        let key = try await account.key()
        try await account.session.succeed(Endpoints.account.delete.operation)
        return [account.session, key.caller]
    }

    private static func lacking(_ account: Account, _ rows: AuthRows) async throws -> [Scope: Caller] {
        var callers: [Scope: Caller] = [:]
        try await rows.lift(limitsOf: account.id)
        for scope in Scope.allCases {
            let key = try await account.key()
            try await rows.limit(key: key.id, to: Scope.allCases.filter { $0 != scope })
            callers[scope] = key.caller
        }
        return callers
    }

    /// The callers that try `operation` as that visitor.
    func callers(
        _ visitor: Visitor, at operation: SharedModels.Operation, of owner: GuardRow.Owner
    ) async throws -> [Caller] {
        if let callers = standing[visitor] { return callers }
        guard case .account(let rule) = operation.access else { return [stack.anyone] }
        let type = rightfulType(rule, owner)
        let others = UserType.allCases.filter { $0 != type }
        switch visitor {
        case .wrongScope: return [try #require(rule.scope.flatMap { lacking[type]?[$0] })]
        case .wrongUserType, .otherParty: return others.map { party($0).session }
        case .noAdmin: return UserType.allCases.map { party($0).session }
        case .stranger:
            let types = rule.userType.map { [$0] } ?? UserType.allCases
            return types.compactMap { world.strangers[$0]?.session }
        default: return try await world.rightful(rule, owner)
        }
    }

    /// The type of the thing's owner.
    private func rightfulType(_ rule: AccountRule, _ owner: GuardRow.Owner) -> UserType {
        switch owner {
        case .parties([.worker]), .named(.worker): return .freelancer
        default: break
        }
        return rule.userType ?? .client
    }

    private func party(_ type: UserType) -> Account {
        switch type {
        case .client: world.deal.client
        case .freelancer: world.deal.worker
        }
    }
}
