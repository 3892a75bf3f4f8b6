import Foundation
import SharedModels
import Testing

extension Journeys {
    /// Walks over the declarations, so that a new endpoint is held to them too.
    @Suite struct Guards {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private static let guarded: [(operation: SharedModels.Operation, rule: AccountRule)] = Catalogue.published.compactMap {
            guard case .account(let rule) = $0.access else { return nil }
            return ($0, rule)
        }

        /// Ids that nothing has.
        private func ids(_ operation: SharedModels.Operation) -> [String: String] {
            Dictionary(uniqueKeysWithValues: operation.pathParameters.map { ($0, UUID().uuidString.lowercased()) })
        }

        @Test("Without a credential every endpoint of an account is 401, before anything else is looked at")
        func noCredential() async throws {
            for (operation, _) in Self.guarded {
                let answer = try await stack.anyone.ask(operation, ids(operation))
                #expect(answer.status == 401, "\(operation.id): \(answer)")
                #expect(answer.code == "UNAUTHORIZED", "\(operation.id)")
            }
        }

        @Test("A made-up credential is 401 everywhere", arguments: [
            ("Authorization", "Bearer cc_live_0000000000000000000000000000000000000000"),
            ("x-api-key", "x"), ("Cookie", "guildhall_session=eyJhbGciOiJub25lIn0.e30."), ("Authorization", "Basic YTpi"),
        ])
        func madeUpCredential(name: String, value: String) async throws {
            var caller = stack.anyone
            caller.headers = [(name, value)]
            for (operation, _) in Self.guarded {
                let answer = try await caller.ask(operation, ids(operation))
                #expect(answer.status == 401, "\(operation.id): \(answer)")
            }
        }

        @Test("A key is 401 where a person must be present, and a session where a key must")
        func wrongKind() async throws {
            let account = try await stack.client()
            let key = try await account.key()
            var seen = 0
            for (operation, rule) in Self.guarded {
                if !rule.credentials.contains(.apiKey) {
                    let answer = try await key.caller.ask(operation, ids(operation))
                    #expect(answer.status == 401, "\(operation.id): \(answer)")
                    seen += 1
                }
                if !rule.credentials.contains(.session) {
                    let answer = try await account.session.ask(operation, ids(operation))
                    #expect(answer.status == 401, "\(operation.id): \(answer)")
                    seen += 1
                }
            }
            #expect(seen >= 4)
            try await key.caller.succeed(KeyEndpoints.verify.operation)
            try await account.session.succeed(SessionEndpoints.current.operation)
        }

        @Test("The wrong type of user is 403")
        func wrongUserType() async throws {
            let callers = [UserType.client: try await stack.freelancer(), .freelancer: try await stack.client()]
            var seen = 0
            for (operation, rule) in Self.guarded {
                guard let type = rule.userType, let wrong = callers[type] else { continue }
                let answer = try await wrong.session.ask(operation, ids(operation))
                #expect(answer.status == 403, "\(operation.id): \(answer)")
                #expect(answer.code == "FORBIDDEN", "\(operation.id)")
                seen += 1
            }
            #expect(seen >= 4)
        }

        @Test("Two headers with different keys are 401, with the same key they are one")
        func twoKeys() async throws {
            let account = try await stack.client()
            let one = try await account.key()
            let other = try await account.key()
            let verify = KeyEndpoints.verify.operation
            let both = try await one.caller.ask(verify, headers: [("x-api-key", other.text)])
            #expect(both.status == 401)
            try await one.caller.succeed(verify, headers: [("x-api-key", one.text)])
        }

        @Test("A revoked key is dead on every service's own port within a second")
        func revokedKey() async throws {
            let account = try await stack.client()
            let key = try await account.key()
            let doors = [
                KeyEndpoints.verify.operation, ProfileEndpoints.me.operation, GigEndpoints.list.operation,
                ContractEndpoints.list.operation, NotificationEndpoints.listWebhooks.operation,
            ]
            for door in doors { try await key.caller.at(door.service).succeed(door) }
            try await account.session.succeed(KeyEndpoints.revoke.operation, ["id": key.id])
            for door in doors {
                _ = try await eventually("\(door.service) refuses the revoked key", within: .seconds(1)) {
                    try await key.caller.at(door.service).ask(door).status == 401 ? true : nil
                }
            }
        }

        @Test("A rotated key is dead at once, the new one lives")
        func rotatedKey() async throws {
            let old = try await stack.client().key()
            let made = try await old.caller.succeed(KeyEndpoints.rotate.operation)
            var caller = old.caller
            caller.headers = [("x-api-key", try #require(made["key"]?.string))]
            try await caller.succeed(KeyEndpoints.verify.operation)
            _ = try await eventually("the old key is refused", within: .seconds(1)) {
                try await old.caller.ask(KeyEndpoints.verify.operation).status == 401 ? true : nil
            }
        }

        @Test("Signing out ends the session")
        func signOut() async throws {
            let account = try await stack.client()
            try await account.session.succeed(SessionEndpoints.end.operation)
            for operation in [SessionEndpoints.current.operation, GigEndpoints.list.operation] {
                _ = try await eventually("\(operation.service) refuses it", within: .seconds(1)) {
                    try await account.session.ask(operation).status == 401 ? true : nil
                }
            }
        }

        @Test("A cookie's write from another site is refused")
        func otherSite() async throws {
            let account = try await stack.client()
            for header in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
                let answer = try await account.session.ask(
                    GigEndpoints.create.operation, [:], ["title": "Forged"], headers: [header])
                #expect([401, 403].contains(answer.status), "\(header): \(answer)")
            }
            #expect(try await account.session.succeed(GigEndpoints.list.operation, query: "?status=draft")["gigs"] == [])
        }

        @Test("Internal endpoints do not exist at the gateway, and are 401 on the service's port without a service token")
        func internalEndpoints() async throws {
            let key = try await stack.client().key()
            for operation in Catalogue.internal {
                let outside = try await stack.anyone.ask(operation, ids(operation))
                #expect(outside.status == 404, "\(operation.id): \(outside)")
                let inside = try await stack.anyone.at(operation.service).ask(operation, ids(operation))
                #expect(inside.status == 401, "\(operation.id): \(inside)")
            }
            let withKey = try await key.caller.at(.payments).ask(PaymentsInternal.ledger.operation, ids(PaymentsInternal.ledger.operation))
            #expect(withKey.status == 401)
        }
    }
}
