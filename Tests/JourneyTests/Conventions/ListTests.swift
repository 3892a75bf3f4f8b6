import SharedModels
import Testing

extension Journeys {
    /// Every list has pages of the same kind.
    @Suite struct Lists {
        private static let lists = Catalogue.published.filter { $0.query.contains { $0.name == "cursor" } }

        /// What a list needs besides its page.
        private static let needed = ["admin.ledger.account": "&account=revenue:usd"]

        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A bad limit or cursor is a 400 that names it, on every list`() async throws {
            let world = try await GuardedWorld.make(in: stack)
            let bad = [
                ("limit", "0"), ("limit", "101"), ("limit", "-1"), ("limit", "1.0"), ("limit", "many"),
                ("limit", ""),
                ("cursor", "nonsense"), ("cursor", ""), ("cursor", String(repeating: "z", count: 44)),
                ("cursor", "0-%00"),
            ]
            for operation in Self.lists {
                let row = try #require(GuardRow.all[operation.id])
                let (ids, caller) = (row.target(world).ids, try await caller(of: operation, row, in: world))
                for (name, value) in bad {
                    let answer = try await caller.ask(
                        operation, ids, query: "?\(name)=\(value)" + (Self.needed[operation.id] ?? ""))
                    #expect(
                        answer.status == 400 && answer.issuePaths == [name],
                        "\(operation.id) \(value): \(answer)")
                }
                let twice = try await caller.ask(operation, ids, query: "?limit=1&limit=2")
                #expect(twice.status == 400, "\(operation.id): \(twice)")
            }
        }

        /// The deal's client, or an admin or the freelancer where only they may look.
        private func caller(
            of operation: SharedModels.Operation, _ row: GuardRow, in world: GuardedWorld
        ) async throws -> Caller {
            guard case .account(let rule) = operation.access, rule.isForAdmins || rule.userType == .freelancer else {
                return world.deal.client.session
            }
            return try #require(try await world.rightful(rule, row.owner).first)
        }

        @Test
        func `A page of one row has a cursor exactly where more follows, on every list`() async throws {
            let world = try await GuardedWorld.make(in: stack)
            for operation in Self.lists {
                let ids = try #require(GuardRow.all[operation.id]).target(world).ids
                for account in [world.deal.client, world.deal.worker] {
                    let whole = try await account.session.ask(operation, ids, query: "?limit=100")
                    guard whole.status == 200,
                        let member = whole.json.object?.first(where: { $0.value.array != nil }),
                        let rows = member.value.array, rows.count < 100
                    else { continue }
                    let cursor = operation.surface.keyStyle.name(of: "nextCursor")
                    #expect(whole[cursor] == JSONValue.null, "\(operation.id)")
                    let first = try await account.session.succeed(operation, ids, query: "?limit=1")
                    #expect(first[member.name]?.array?.count == min(1, rows.count), "\(operation.id)")
                    #expect((first[cursor]?.string != nil) == (rows.count > 1), "\(operation.id)")
                }
            }
        }

        /// A list of an account's own things, and a call that adds a row to it.
        struct Growing: Sendable {
            let create: SharedModels.Operation
            let body: JSONValue
            let list: SharedModels.Operation
            let member: String
        }

        private static let growing = [
            Growing(
                create: Endpoints.keys.create.operation, body: ["name": "one"],
                list: Endpoints.keys.list.operation,
                member: "keys"),
            Growing(
                create: Endpoints.notifications.createWebhook.operation,
                body: ["url": "https://example.com/hook"],
                list: Endpoints.notifications.listWebhooks.operation, member: "webhooks"),
            Growing(
                create: Endpoints.notifications.createChannel.operation,
                body: ["channel_type": "telegram", "config": ["chat_id": "1"]],
                list: Endpoints.notifications.listChannels.operation, member: "notifications"),
        ]

        @Test(arguments: growing)
        func `Pages show each row once while others are added`(_ growing: Growing) async throws {
            let account = try await stack.client().session
            func add() async throws -> String {
                try #require(try await account.succeed(growing.create, [:], growing.body)["id"]?.string)
            }
            var made: [String] = []
            for _ in 0..<5 { made.append(try await add()) }
            var (seen, cursor): ([String], String?) = ([], nil)
            repeat {
                let query = "?limit=2" + (cursor.map { "&cursor=\($0)" } ?? "")
                let page = try await account.succeed(growing.list, query: query)
                seen += (page[growing.member]?.array ?? []).compactMap { $0["id"]?.string }
                cursor = page["next_cursor"]?.string
                _ = try await add()
            } while cursor != nil && seen.count < 20
            #expect(seen == made.reversed())
        }
    }
}
