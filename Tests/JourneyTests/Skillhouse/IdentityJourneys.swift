import SharedModels
import Testing

extension Journeys {
    /// Accounts of Skillhouse from their first mail on, through the gateway.
    @Suite struct Identity {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private let doors = [
            Endpoints.session.current.operation, Endpoints.profiles.me.operation, Endpoints.gigs.list.operation,
            Endpoints.contracts.list.operation, Endpoints.notifications.listWebhooks.operation,
            Endpoints.credits.balance.operation,
        ]

        @Test(arguments: [Role.client, .freelancer])
        func `There is no account before the mailed code, which works once, and then it opens every surface`(role: Role)
            async throws
        {
            let person = try await Registered.register(role, in: stack)
            #expect(try await person.login().status == 400)
            let code = try await person.code()
            let wrong = try await person.enter(code == "000000" ? "000001" : "000000")
            #expect(wrong.status == 400, "\(wrong)")
            #expect(try await person.login().status == 400)
            let opened = try await person.enter(code)
            #expect(opened.status == 201, "\(opened)")
            let again = try await person.enter(code)
            #expect((400..<500).contains(again.status), "\(again)")
            let answer = try await person.login()
            #expect(answer.status == 200 && answer["role"]?.string == role.rawValue, "\(answer)")
            let session = try SignedIn(answer, at: stack)
            for door in doors { try await session.caller.at(door.service).succeed(door) }
            let me = try await session.caller.succeed(Endpoints.session.current.operation)
            #expect(me["user_type"]?.string == role.rawValue && me["subscription_tier"] == "free")
        }

        @Test
        func `GitHub leads to the account that has proven the address which GitHub has confirmed`() async throws {
            let login = "j\(UInt64.random(in: 1 ... .max))"
            let person = try await Registered.make(.client, as: "\(login)@users.example.com", in: stack)
            let session = try await person.signIn()
            let there = try await stack.account(.client, login: login)
            #expect(there.id == session.id)
            let me = try await session.caller.succeed(Endpoints.session.current.operation)
            #expect(me["github_username"]?.string == login)
        }

        @Test
        func `Nobody registers as an admin`() async throws {
            let answer = try await stack.anyone.ask(
                Endpoints.registrations.register.operation, [:],
                [
                    "name": "Ada Lovelace", "email": "mallory@example.org", "password": .string(Registered.password),
                    "role": "admin",
                ])
            #expect(answer.status == 403 && answer.code == "FORBIDDEN", "\(answer)")
        }

        @Test
        func `Known and unknown addresses are answered alike`() async throws {
            let person = try await Registered.make(.client, in: stack)
            for operation in [
                Endpoints.passwords.forgot.operation, Endpoints.registrations.resend.operation,
            ] {
                let known = try await stack.anyone.ask(operation, [:], ["email": .string(person.email)])
                let unknown = try await stack.anyone.ask(
                    operation, [:], ["email": .string("u\(UInt64.random(in: 1 ... .max))@example.org")])
                #expect(known.status == 200 && known.bytes == unknown.bytes, "\(known) \(unknown)")
            }
        }

        @Test
        func `A forgotten password is set again by a mailed link, once, and ends every session`() async throws {
            let person = try await Registered.make(.freelancer, in: stack)
            let session = try await person.signIn()
            for door in doors { try await session.caller.at(door.service).succeed(door) }
            try await stack.anyone.succeed(
                Endpoints.passwords.forgot.operation, [:], ["email": .string(person.email)])
            let token = try await eventually("the link is mailed") {
                try await stack.messages(channel: "email", to: person.email).first?.firstMatch(
                    of: /token=([0-9a-f]{64})/
                )
                .map { String($0.output.1) }
            }
            let new = "Difference-1822!"
            let body: JSONValue = [
                "token": .string(token), "newPassword": .string(new), "confirmPassword": .string(new),
            ]
            try await stack.anyone.succeed(Endpoints.passwords.update.operation, [:], body)
            let again = try await stack.anyone.ask(Endpoints.passwords.update.operation, [:], body)
            #expect(again.status == 400, "\(again)")
            for door in doors { try await session.caller.at(door.service).waitUntilRefused(at: door) }
            let refreshed = try await stack.holder(of: session.refreshToken).ask(Endpoints.auth.refresh.operation)
            #expect(refreshed.status == 401, "\(refreshed)")
            #expect(try await person.login().status == 400)
            try await person.signIn(new).caller.succeed(Endpoints.profiles.me.operation)
        }

        @Test
        func `A refresh token that comes back late ends the session on every service`() async throws {
            let session = try await Registered.make(.client, in: stack).signIn()
            let refresh = Endpoints.auth.refresh.operation
            let answer = try await stack.holder(of: session.refreshToken).succeed(refresh)
            var caller = stack.anyone
            caller.headers = [("Authorization", "Bearer \(try #require(answer["accessToken"]?.string))")]
            for door in doors { try await caller.at(door.service).succeed(door) }
            try await stack.advanceClock(seconds: 11)
            #expect(try await stack.holder(of: session.refreshToken).ask(refresh).status == 401)
            for door in doors { try await caller.at(door.service).waitUntilRefused(at: door) }
        }

        @Test
        func `Who is blocked is out of every service within a second, and comes back when unblocked`() async throws {
            let person = try await Registered.make(.freelancer, in: stack)
            let session = try await person.signIn()
            let made = try await session.caller.succeed(Endpoints.keys.create.operation, [:], ["name": "agent"])
            var key = stack.anyone
            key.headers = [("x-api-key", try #require(made["key"]?.string))]
            for door in doors.dropFirst() {
                try await session.caller.at(door.service).succeed(door)
                try await key.at(door.service).succeed(door)
            }
            let admin = try await stack.admin().caller
            try await admin.succeed(
                Endpoints.adminUsers.blockFreelancer.operation, ["freelancerId": session.id])
            for door in doors.dropFirst() {
                try await session.caller.at(door.service).waitUntilRefused(at: door, with: [401, 403])
                try await key.at(door.service).waitUntilRefused(at: door, with: [401, 403])
            }
            let login = try await person.login()
            #expect(login.status == 403, "\(login)")
            #expect(try await person.login("Wrong-password-1").status == 400)
            try await admin.succeed(
                Endpoints.adminUsers.unblockFreelancer.operation, ["freelancerId": session.id])
            try await person.signIn().caller.succeed(Endpoints.profiles.me.operation)
            // What was ended stays ended.
            let door = Endpoints.profiles.me.operation
            try await key.at(door.service).waitUntilRefused(at: door)
        }
    }
}
