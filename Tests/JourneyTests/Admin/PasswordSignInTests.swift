import Crypto
import Foundation
import SharedModels
import Testing

extension Journeys {
    /// Signing in with e-mail and password, and what follows from it.
    @Suite struct PasswordSignIn {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private let doors = [
            Endpoints.session.current.operation, Endpoints.profiles.me.operation, Endpoints.gigs.list.operation,
            Endpoints.contracts.list.operation, Endpoints.notifications.listWebhooks.operation,
            Endpoints.credits.balance.operation,
        ]

        @Test
        func `The admin signs in, and the token opens every service`() async throws {
            let answer = try await stack.anyone.succeed(
                Endpoints.auth.login.operation, [:], Stack.adminCredentials())
            #expect(answer["role"] == "admin" && answer["user"]?["status"] == "active")
            #expect(answer["user"]?["email"]?.string == (try Stack.setting("ADMIN_EMAIL")))
            #expect(answer["message"]?.string != nil && answer["user"]?["profilePic"]?.string != nil)
            #expect(answer.header("cache-control") == "no-store")
            let cookie = try #require(answer.header("set-cookie"))
            for attribute in ["HttpOnly", "SameSite=Lax", "Max-Age=604800", "Path=/api/auth"] {
                #expect(cookie.contains(attribute), "\(cookie)")
            }
            let admin = try SignedIn(answer, at: stack)
            for door in doors { try await admin.caller.at(door.service).succeed(door) }
            #expect(
                try await admin.caller.succeed(Endpoints.session.current.operation)["user_id"]?.string
                    == admin.id)
        }

        @Test
        func `A wrong password and an unknown address are refused alike`() async throws {
            let login = Endpoints.auth.login.operation
            let wrong = try await stack.anyone.ask(
                login, [:], Stack.adminCredentials(password: "Wrong-password-1"))
            let unknown = try await stack.anyone.ask(
                login, [:],
                ["email": .string("\(UUID().uuidString)@example.org"), "password": "Wrong-password-1"])
            for answer in [wrong, unknown] {
                #expect(
                    answer.status == 400 && answer.code == "BAD_REQUEST" && answer["status"] == 400,
                    "\(answer)")
                #expect(answer.cookies.isEmpty)
            }
            #expect(wrong["message"] == unknown["message"] && wrong["error"] == unknown["error"])
            for (body, path) in [(["email": "a@b.example"], "password"), (["password": "x"], "email")]
                as [(JSONValue, String)]
            {
                let answer = try await stack.anyone.ask(login, [:], body)
                #expect(answer.status == 400 && answer.issuePaths == [path], "\(answer)")
            }
        }

        @Test
        func `Anybody can check a token with the published key`() async throws {
            let token = try await stack.admin().accessToken
            let set = try await stack.anyone.succeed(Endpoints.auth.publicKeys.operation)
            #expect(set.header("cache-control")?.contains("max-age") == true)
            let parts = token.split(separator: ".").map(String.init)
            let kid = try JSONValue.parse(try bytes(parts[0]))["kid"]
            let key = try #require(set["keys"]?.array?.first { $0["kid"] == kid })
            let point = try ["x", "y"].flatMap { try bytes(try #require(key[$0]?.string)) }
            let publicKey = try P256.Signing.PublicKey(rawRepresentation: point)
            let signature = try P256.Signing.ECDSASignature(rawRepresentation: bytes(parts[2]))
            #expect(publicKey.isValidSignature(signature, for: Array("\(parts[0]).\(parts[1])".utf8)))
            #expect(key["d"] == nil)
        }

        private func bytes(_ text: String) throws -> [UInt8] {
            try #require(Base64URL.decode(text))
        }

        @Test
        func `A refresh gives another token, and a stolen refresh token ends the session everywhere`() async throws {
            let refresh = Endpoints.auth.refresh.operation
            let admin = try await stack.admin()
            let answer = try await stack.holder(of: admin.refreshToken).succeed(refresh)
            let next = try #require(answer.cookies["refreshToken"])
            #expect(next != admin.refreshToken)
            var caller = stack.anyone
            caller.headers = [("Authorization", "Bearer \(try #require(answer["accessToken"]?.string))")]
            try await caller.succeed(Endpoints.session.current.operation)
            #expect(
                try await stack.holder(of: admin.refreshToken).ask(refresh).cookies["refreshToken"] == next)
            try await stack.advanceClock(seconds: 11)
            let stolen = try await stack.holder(of: admin.refreshToken).ask(refresh)
            #expect(stolen.status == 401 && stolen.code == "UNAUTHORIZED", "\(stolen)")
            #expect(try await stack.holder(of: next).ask(refresh).status == 401)
            for door in doors { try await caller.at(door.service).waitUntilRefused(at: door) }
        }

        @Test(arguments: ["", "refreshToken=x", "guildhall_session=x"])
        func `Without a refresh token there is no access token`(cookie: String) async throws {
            let answer = try await stack.anyone.ask(
                Endpoints.auth.refresh.operation, headers: cookie.isEmpty ? [] : [("Cookie", cookie)])
            #expect(
                answer.status == 401 && answer["status"] == 401 && answer.code == "UNAUTHORIZED", "\(answer)")
        }

        @Test
        func `Signing out ends the session on every service, by cookie, by token, or at /api/session`() async throws {
            let logout = Endpoints.auth.logout.operation
            for way in 0..<3 {
                let admin = try await stack.admin()
                for door in doors { try await admin.caller.at(door.service).succeed(door) }
                switch way {
                case 0:
                    let answer = try await stack.holder(of: admin.refreshToken).succeed(logout)
                    #expect(answer["message"]?.string != nil)
                    #expect(
                        answer.header("set-cookie")?.hasPrefix("refreshToken=; Path=/api/auth; Max-Age=0")
                            == true)
                case 1: try await admin.caller.succeed(logout)
                default: try await admin.caller.succeed(Endpoints.session.end.operation)
                }
                for door in doors { try await admin.caller.at(door.service).waitUntilRefused(at: door) }
                let late = try await stack.holder(of: admin.refreshToken).ask(Endpoints.auth.refresh.operation)
                #expect(late.status == 401, "\(late)")
            }
            #expect(try await stack.anyone.succeed(logout)["message"]?.string != nil)
        }

        @Test
        func `A page of another site can neither refresh nor sign out with somebody's cookie`() async throws {
            let admin = try await stack.admin()
            for header in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
                for operation in [Endpoints.auth.refresh.operation, Endpoints.auth.logout.operation] {
                    let answer = try await stack.holder(of: admin.refreshToken).ask(
                        operation, headers: [header])
                    #expect(answer.status == 403 && answer.code == "FORBIDDEN", "\(answer)")
                    #expect(answer.cookies.isEmpty)
                }
            }
            let own = try await stack.holder(of: admin.refreshToken).ask(
                Endpoints.auth.refresh.operation, headers: [("Origin", stack.gateway)])
            #expect(own.status == 200, "\(own)")
        }

        @Test
        func `A token that was tampered with, or is another's, opens nothing`() async throws {
            let token = try await stack.admin().accessToken
            let parts = token.split(separator: ".").map(String.init)
            let none = Base64URL.encode(#"{"alg":"none","typ":"JWT"}"#.utf8)
            for forged in [
                "\(none).\(parts[1]).", "\(parts[0]).\(parts[1]).", token + "x",
                "\(parts[0]).\(parts[0]).\(parts[2])",
            ] {
                var caller = stack.anyone
                caller.headers = [("Authorization", "Bearer \(forged)")]
                for door in doors {
                    let answer = try await caller.at(door.service).ask(door)
                    #expect(answer.status == 401, "\(door.id): \(answer)")
                }
            }
        }
    }
}
