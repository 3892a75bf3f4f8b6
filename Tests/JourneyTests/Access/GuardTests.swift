import Foundation
import SharedModels
import Testing

extension Journeys {
    /// Calls every declared endpoint as every kind of caller. The expected answer follows from the declaration and from
    /// the endpoint's row in ``GuardRow/all``.
    @Suite struct Guards {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private typealias Scene = (world: GuardedWorld, visitors: Visitors)
        private static let scene = Task<Scene, any Error> {
            let stack = try Stack.current()
            let world = try await GuardedWorld.make(in: stack)
            return (world, try await Visitors.make(in: world, stack))
        }

        /// Endpoints that change nothing come first, those that delete things last.
        private static let operations = SharedModels.Method.allCases.flatMap { method in
            Catalogue.published.filter { $0.method == method }
        }

        /// Ids of things that do not exist.
        private func ids(_ operation: SharedModels.Operation) -> [String: String] {
            let id = UUID().uuidString.lowercased()
            // A plain id there is an account's, whose matches are nobody else's.
            let isMatch = operation.path.hasPrefix("/v1/matches")
            let text = isMatch ? "match_" + id.replacing("-", with: "") : id
            return Dictionary(uniqueKeysWithValues: operation.pathParameters.map { ($0, text) })
        }

        @Test
        func `What is an account's own shows nothing of another's`() async throws {
            let world = try await Self.scene.value.world
            let deal = world.deal
            let theirs = [
                deal.client.id, deal.worker.id, deal.application, deal.negotiation, deal.contract,
                deal.milestone, world.draft, world.dispute, world.key, world.webhook, world.otherWebhook, world.channel,
            ]
            for operation in Self.operations where operation.method == .get && operation.pathParameters.isEmpty {
                guard case .account(let rule) = operation.access, rule.credentials.contains(.session),
                    !rule.isForAdmins, case .caller? = GuardRow.all[operation.id]?.owner
                else { continue }
                for (type, stranger) in world.strangers where rule.userType ?? type == type {
                    let text = String(decoding: try await stranger.session.succeed(operation).bytes, as: UTF8.self)
                    for id in theirs { #expect(!text.contains(id), "\(operation.id) shows \(id)") }
                }
            }
        }

        @Test(arguments: Visitor.allCases)
        func `Each endpoint meets each visitor as its declaration and its row say`(visitor: Visitor) async throws {
            let (world, visitors) = try await Self.scene.value
            let before = try await world.look()
            var tried = 0
            for operation in Self.operations {
                let row = try #require(GuardRow.all[operation.id], "\(operation.id) has no row in GuardRow.all")
                guard let reception = visitor.reception(at: operation, of: row.owner) else { continue }
                let target = row.target(world)
                for caller in try await visitors.callers(visitor, at: operation, of: row.owner) {
                    try await expect(reception, at: operation, target, by: caller)
                    tried += 1
                }
            }
            #expect(tried > 0, "nobody has tried anything")
            if visitor.isRefusedAlways {
                let changes = try await world.changes(since: before)
                #expect(changes == [])
            }
        }

        private func expect(
            _ reception: Visitor.Reception, at operation: SharedModels.Operation, _ target: GuardRow.Target,
            by caller: Caller
        ) async throws {
            let body = target.body ?? operation.inputExample
            let answer =
                operation.takesUpload
                ? try await caller.upload(Files.png, to: operation, target.ids)
                : try await caller.ask(operation, target.ids, body)
            let comment: Comment = "\(operation.id): \(answer)"
            switch reception {
            case .status(let status):
                #expect(answer.status == status, comment)
                if status == 401 { #expect(answer.code == "UNAUTHORIZED", comment) }
                if status == 403 { #expect(answer.code == "FORBIDDEN", comment) }
            case .lacks(let scope):
                #expect(answer.status == 403 && answer.code == "FORBIDDEN", comment)
                #expect(answer.message?.contains(scope.rawValue) == true, comment)
            case .missing:
                #expect(answer.status == 404, comment)
                guard !target.ids.isEmpty else { return }
                let nothing = try await caller.ask(operation, ids(operation), body)
                #expect(nothing.json["error"] == answer.json["error"], comment)
            case .admitted:
                #expect(![401, 403, 404].contains(answer.status) && answer.status < 500, comment)
            }
        }

        @Test
        func `The same key in both headers is one`() async throws {
            let key = try await stack.client().key()
            try await key.caller.succeed(Endpoints.keys.verify.operation, headers: [("x-api-key", key.text)])
        }

        @Test
        func `A revoked key is dead on every service's own port`() async throws {
            let account = try await stack.client()
            let key = try await account.key()
            let doors = [
                Endpoints.keys.verify.operation, Endpoints.profiles.me.operation, Endpoints.gigs.list.operation,
                Endpoints.contracts.list.operation, Endpoints.notifications.listWebhooks.operation,
            ]
            for door in doors { try await key.caller.at(door.service).succeed(door) }
            try await account.session.succeed(Endpoints.keys.revoke.operation, ["id": key.id])
            for door in doors { try await key.caller.at(door.service).waitUntilRefused(at: door) }
        }

        @Test
        func `A rotated key is dead at once, the new one lives`() async throws {
            let old = try await stack.client().key()
            let made = try await old.caller.succeed(Endpoints.keys.rotate.operation)
            var caller = old.caller
            caller.headers = [("x-api-key", try #require(made["key"]?.string))]
            try await caller.succeed(Endpoints.keys.verify.operation)
            try await old.caller.waitUntilRefused(at: Endpoints.keys.verify.operation)
        }

        @Test
        func `Signing out ends the session`() async throws {
            let account = try await stack.client()
            try await account.session.succeed(Endpoints.session.end.operation)
            for operation in [Endpoints.session.current.operation, Endpoints.gigs.list.operation] {
                try await account.session.waitUntilRefused(at: operation)
            }
        }

        @Test
        func `A cookie's write from another site is refused`() async throws {
            let account = try await stack.client()
            for header in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
                let answer = try await account.session.ask(
                    Endpoints.gigs.create.operation, [:], ["title": "Forged"], headers: [header])
                #expect([401, 403].contains(answer.status), "\(header): \(answer)")
            }
            #expect(
                try await account.session.succeed(Endpoints.gigs.list.operation, query: "?status=draft")["gigs"] == [])
        }

        @Test
        func
            `Internal endpoints do not exist at the gateway, and are 401 on the service's port without a service token`()
            async throws
        {
            let key = try await stack.client().key()
            for operation in Catalogue.internal {
                let outside = try await stack.anyone.ask(operation, ids(operation))
                #expect(outside.status == 404, "\(operation.id): \(outside)")
                let inside = try await stack.anyone.at(operation.service).ask(operation, ids(operation))
                #expect(inside.status == 401, "\(operation.id): \(inside)")
            }
            let withKey = try await key.caller.at(.payments).ask(
                Endpoints.paymentsInternal.ledger.operation, ids(Endpoints.paymentsInternal.ledger.operation))
            #expect(withKey.status == 401)
        }
    }
}

@Suite struct GuardTableTests {
    @Test
    func `Every published endpoint has a row in GuardRow.all, and every row an endpoint`() {
        #expect(Set(GuardRow.all.keys) == Set(Catalogue.published.map(\.id)))
    }

    @Test
    func `A row says nobody's thing exactly where no credential is asked for, and admins' where they are`() {
        for operation in Catalogue.published {
            switch (operation.access, GuardRow.all[operation.id]?.owner) {
            case (.anyone, .nobody), (_, nil): break
            case (.account(let rule), .admins): #expect(rule.isForAdmins, "\(operation.id)")
            case (.anyone, _), (.account, .nobody), (.service, _), (.operator, _):
                Issue.record("\(operation.id): the row does not fit the declaration")
            case (.account(let rule), _): #expect(!rule.isForAdmins, "\(operation.id)")
            }
        }
    }
}
