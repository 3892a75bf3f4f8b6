import Crypto
import ServiceKit
import SharedModels
import Testing

/// The promise under test: a sealed value opens with the right secret, for the right purpose, in its own place.
@Suite struct SealTests {
    private let secret = Secret("the secret of all services, well kept")
    private var current: RotatingSecret { RotatingSecret(secret) }

    /// Made with other software: HKDF-SHA256 without salt, AES-256-GCM with nonce first and tag last.
    @Test(
        arguments: [
            (
                KeyPurpose.signingKeys, "id-of-a-key",
                "000102030405060708090a0bbbb5fb00f288203bf8b0b8c10b19c67f6b6a4fad69f2ba7b6cbf12f489c77450a3968f55e16b"
            ),
            (
                .idempotencyAnswers, "",
                "000102030405060708090a0be22c13821a5ecde2eca7d4b2755497917be82210df0b1bda04a2374401dcc93fe421b405ff46"
            ),
            (
                .webhookSecrets, "0192f0a0-0000-7000-8000-000000000001",
                "000102030405060708090a0bf3434c76c04ab3e7726f1296c75d1146f695d26e677e0638daea35cda02638bc9062cdc0effc"
            ),
        ])
    func `what was sealed before an upgrade still opens`(purpose: KeyPurpose, place: String, sealed: String) throws {
        let bytes = try #require(Hexadecimal.decode(sealed))
        #expect(try Seal(purpose, of: current).open(bytes, for: place) == Array("what was sealed before".utf8))
    }

    @Test func `a seal opens in its own place, under its own secret, for its own purpose alone`() throws {
        let seal = Seal(.signingKeys, of: current)
        let sealed = try seal.close("secret".utf8, for: "here")
        #expect(try seal.open(sealed, for: "here") == Array("secret".utf8))
        #expect(throws: BrokenSeal.self) { try seal.open(sealed, for: "there") }
        #expect(throws: BrokenSeal.self) { try Seal(.webhookSecrets, of: current).open(sealed, for: "here") }
        #expect(throws: BrokenSeal.self) {
            try Seal(.signingKeys, of: RotatingSecret(Secret("other"))).open(sealed, for: "here")
        }
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: BrokenSeal.self) { try seal.open(changed, for: "here") }
        }
        for count in 0..<sealed.count {
            #expect(throws: BrokenSeal.self) { try seal.open(Array(sealed.prefix(count)), for: "here") }
        }
    }

    @Test func `what an earlier secret sealed still opens, and new things are sealed with the current one`() throws {
        let (old, new) = (Secret("the old one"), Secret("the new one"))
        let both = Seal(.webhookSecrets, of: RotatingSecret(new, earlier: [old]))
        let before = try Seal(.webhookSecrets, of: RotatingSecret(old)).close("secret".utf8, for: "here")
        #expect(try both.open(before, for: "here") == Array("secret".utf8))
        #expect(throws: BrokenSeal.self) { try both.open(before, for: "there") }
        let now = try both.close("secret".utf8, for: "here")
        #expect(try Seal(.webhookSecrets, of: RotatingSecret(new)).open(now, for: "here") == Array("secret".utf8))
        #expect(throws: BrokenSeal.self) {
            try Seal(.webhookSecrets, of: RotatingSecret(old)).open(now, for: "here")
        }
    }

    @Test func `people who left are recognised under an earlier secret, too`() {
        let (old, new) = (Secret("the old one"), Secret("the new one"))
        let before = IdentityDigests(.tombstones, of: RotatingSecret(old)).of(gitHub: 1, emails: ["a@b.example"])
        let both = IdentityDigests(.tombstones, of: RotatingSecret(new, earlier: [old]))
        #expect(Set(both.of(gitHub: 1, emails: ["a@b.example"])).isSuperset(of: before))
    }

    @Test func `the same thing sealed twice does not look the same`() throws {
        let seal = Seal(.signingKeys, of: current)
        #expect(try seal.close("a".utf8, for: "") != seal.close("a".utf8, for: ""))
    }

    @Test func `no two purposes share a key, and none is the secret itself`() {
        let keys = Set(KeyPurpose.allCases.map { secret.key(for: $0).withUnsafeBytes { Array($0) } })
        #expect(keys.count == KeyPurpose.allCases.count)
        #expect(
            secret.key(for: .tombstones).withUnsafeBytes { Hexadecimal.encode($0) }
                == "5406c118c13ad1dd682befe770b592ea2d41615fef81f52339f684b6a69767df")
    }
}
