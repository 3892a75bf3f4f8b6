import Crypto
import Foundation
import JWTKit
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import AuthService

/// The promise under test: a token that auth did not sign, or that is no longer valid, gives nobody access.
@Suite struct AccessTokenTests {
    private let clock = TestClock()
    private let account = Account.admin(email: "a@example.org", plan: .free, at: TestClock().now)

    private func made() async throws -> (tokens: AccessTokens, key: SigningKey, token: String) {
        let key = try await SigningKey()
        let tokens = AccessTokens(keys: [key])
        let token = try await tokens.token(for: account, session: .make(at: clock.now), at: clock.now)
        return (tokens, key, token)
    }

    private func part(_ index: Int, of token: String) throws -> JSONValue {
        try JSONValue.parse(try #require(Base64URL.decode(token.split(separator: ".")[index])))
    }

    private func encode(_ value: JSONValue) -> String { Base64URL.encode(value.bytes) }

    /// The token with a different header, and the signature that `sign` makes.
    private func token(
        like token: String, header: JSONValue, sign: (String) throws -> [UInt8]
    ) rethrows -> String {
        let signed = "\(encode(header)).\(token.split(separator: ".")[1])"
        return "\(signed).\(Base64URL.encode(try sign(signed)))"
    }

    @Test func `a token says who, in which role and session, and for how long`() async throws {
        let (tokens, key, token) = try await made()
        let (header, claims) = (try part(0, of: token), try part(1, of: token))
        #expect(header["alg"] == "ES256" && header["kid"]?.string == key.id)
        #expect(claims["id"]?.string == account.id.objectID && claims["sub"]?.string == account.id.description)
        #expect(claims["role"] == "admin" && claims["sid"]?.string != nil)
        #expect(
            claims["iat"]?.integer == clock.now.seconds && claims["exp"]?.integer == clock.now.seconds + 7200)
        #expect(await tokens.claims(of: token, at: clock.now)?.role == .admin)
    }

    @Test func `the published key is enough to check a token, and says its own thumbprint`() async throws {
        let (tokens, _, token) = try await made()
        let key = try #require(tokens.publicKeys.keys.first)
        let point = try [key.x, key.y].map { try #require(Base64URL.decode($0)) }
        let publicKey = try P256.Signing.PublicKey(rawRepresentation: point[0] + point[1])
        let keys = await JWTKeyCollection().add(ecdsa: try ES256PublicKey(backing: publicKey))
        #expect(try await keys.verify(token, as: AccessClaims.self).sub == account.id)
        let members = #"{"crv":"P-256","kty":"EC","x":"\#(key.x)","y":"\#(key.y)"}"#
        #expect(key.kid == Base64URL.encode(SHA256.hash(data: Array(members.utf8))))
    }

    @Test func `a token ends after two hours`() async throws {
        let (tokens, _, token) = try await made()
        #expect(await tokens.claims(of: token, at: clock.now + .seconds(7199)) != nil)
        #expect(await tokens.claims(of: token, at: clock.now + .hours(2)) == nil)
    }

    @Test func `another key's signature is refused, under its own name and under ours`() async throws {
        let (tokens, key, token) = try await made()
        let other = P256.Signing.PrivateKey()
        let stranger = try await SigningKey(other)
        let claims = try #require(await tokens.claims(of: token, at: clock.now))
        #expect(await tokens.claims(of: try await stranger.sign(claims), at: clock.now) == nil)
        let forged = try self.token(
            like: token, header: ["alg": "ES256", "typ": "JWT", "kid": .string(key.id)]
        ) {
            [UInt8](try other.signature(for: Array($0.utf8)).rawRepresentation)
        }
        #expect(await tokens.claims(of: forged, at: clock.now) == nil)
    }

    @Test(arguments: [nil, "", "another", "../../etc/passwd"] as [String?])
    func `our own signature under another key's name, or none, is refused`(kid: String?) async throws {
        let raw = P256.Signing.PrivateKey()
        let tokens = AccessTokens(keys: [try await SigningKey(raw)])
        let token = try await tokens.token(for: account, session: .make(at: clock.now), at: clock.now)
        let renamed = try self.token(
            like: token, header: ["alg": "ES256", "kid": kid.map { .string($0) } ?? .null]
        ) {
            [UInt8](try raw.signature(for: Array($0.utf8)).rawRepresentation)
        }
        #expect(await tokens.claims(of: renamed, at: clock.now) == nil)
    }

    @Test(arguments: ["none", "None", "HS256", "RS256", "ES384"])
    func `an algorithm other than ours is refused, whatever signs`(algorithm: String) async throws {
        let (tokens, key, token) = try await made()
        let header: JSONValue = ["alg": .string(algorithm), "typ": "JWT", "kid": .string(key.id)]
        // The public key, misused as a secret that both sides share.
        let point = "\(key.publicKey.x)\(key.publicKey.y)"
        let signatures: [(String) -> [UInt8]] = [
            { _ in [] },
            {
                Array(
                    HMAC<SHA256>.authenticationCode(
                        for: Array($0.utf8), using: SymmetricKey(data: Array(point.utf8))))
            },
        ]
        for sign in signatures {
            #expect(
                await tokens.claims(of: self.token(like: token, header: header, sign: sign), at: clock.now)
                    == nil)
        }
    }

    @Test func `our own signature over a header that asks for more is refused`() async throws {
        let raw = P256.Signing.PrivateKey()
        let key = try await SigningKey(raw)
        let tokens = AccessTokens(keys: [key])
        let token = try await tokens.token(for: account, session: .make(at: clock.now), at: clock.now)
        for more in [["crit": ["exp"]], ["alg": "none"]] as [[String: JSONValue]] {
            var members: [String: JSONValue] = ["alg": "ES256", "kid": .string(key.id)]
            members.merge(more) { _, new in new }
            let header = JSONValue.object(members.map { JSONMember($0.key, $0.value) })
            let odd = try self.token(like: token, header: header) {
                [UInt8](try raw.signature(for: Array($0.utf8)).rawRepresentation)
            }
            #expect(await tokens.claims(of: odd, at: clock.now) == nil)
        }
    }

    @Test func `no changed character leaves a token valid`() async throws {
        let (tokens, _, token) = try await made()
        let bytes = Array(token.utf8)
        // The last character of each part may hold unused bits.
        let ends = Set(bytes.indices.filter { $0 == bytes.count - 1 || bytes[$0 + 1] == UInt8(ascii: ".") })
        for index in bytes.indices where !ends.contains(index) {
            var changed = bytes
            changed[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(
                await tokens.claims(of: String(decoding: changed, as: UTF8.self), at: clock.now) == nil,
                "at \(index)")
        }
    }

    @Test(arguments: ["", ".", "..", "a.b", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "....", "cc_live_x"])
    func `what is no token is refused`(text: String) async throws {
        let tokens = try await made().tokens
        #expect(await tokens.claims(of: text, at: clock.now) == nil)
    }

    @Test func `a session that has ended takes its tokens along, and no other session's`() async throws {
        try await AuthWorld.use { world in
            let (one, other) = (try await world.signIn(), try await world.signIn())
            try await world.tokens.signOut(ShownSession(accessToken: one.accessToken))
            #expect(try await world.refusal(of: one.accessToken) == "The session has ended; sign in again.")
            #expect(try await world.resolve(other.accessToken).principal?.accountID == world.account)
            await #expect(throws: RefreshTokenError.refused) {
                try await world.tokens.refresh(one.refreshToken)
            }
            try await world.tokens.signOut(ShownSession(refreshToken: other.refreshToken))
            #expect(try await world.resolve(other.accessToken).principal == nil)
        }
    }

    @Test func `every service hears that a session with tokens has ended, by its account`() async throws {
        try await AuthWorld.use { world in
            let pair = try await world.signIn()
            let session = try #require(try await world.resolve(pair.accessToken).principal?.sessionID)
            let removed = try await world.database.transaction {
                try await SessionStore().delete(session, in: $0)
            }
            #expect(removed == .account(world.account))
            let again = try await world.database.transaction {
                try await SessionStore().delete(session, in: $0)
            }
            #expect(again == nil)
        }
    }

    @Test func `what counts is what the account is now`() async throws {
        try await AuthWorld.use { world in
            let token = try await world.signIn().accessToken
            try await world.database.transaction { tx in
                let account = try #require(try await AccountStore().lock(world.account, in: tx))
                try await AccountStore().save(account.changed { $0.isAdmin = true }, at: world.clock.now, in: tx)
            }
            let principal = try #require(try await world.resolve(token).principal)
            #expect(principal.isAdmin)
        }
    }

    @Test
    func `replicas that start at once sign with one key, which a copy of the database does not give away`()
        async throws
    {
        try await AuthWorld.use { world in
            @Sendable func keys(sealedWith seal: Seal) async throws -> [SigningKey] {
                try await world.database.transaction {
                    try await SigningKeyStore().load(sealedWith: seal, at: world.clock.now, in: $0)
                }
            }
            let seal = Seal(.signingKeys, of: RotatingSecret(Secret("the secret of all services, well kept")))
            let ids = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await keys(sealedWith: seal).first?.id }
                }
                return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            let other = Seal(.signingKeys, of: RotatingSecret(Secret("another secret of the same length, too")))
            let new = try await keys(sealedWith: other)
            #expect(new.count == 1 && !ids.contains(new[0].id))
            #expect(try await keys(sealedWith: seal).map(\.id) == Array(ids))
        }
    }
}
