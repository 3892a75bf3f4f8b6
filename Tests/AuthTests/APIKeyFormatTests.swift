import Testing

@testable import ServiceKit

/// The promise under test: a mistyped key is refused by its form alone, and nothing else is mistaken for a key.
@Suite struct APIKeyFormatTests {
    @Test(arguments: ["cc_live_", "sk_live_", "a", "0123456789abcdef", "_"])
    func `a generated key is a key`(prefix: String) {
        let key = APIKeyFormat.generate(prefix: prefix)
        #expect(key.hasPrefix(prefix))
        #expect(key.utf8.count == prefix.utf8.count + 38)
        #expect(APIKeyFormat.read(key) == .key)
    }

    @Test func `no two keys are alike`() {
        let keys = Set((0..<1000).map { _ in APIKeyFormat.generate(prefix: APIKeyFormat.defaultPrefix) })
        #expect(keys.count == 1000)
    }

    @Test func `changing any character breaks the checksum`() {
        let key = Array(APIKeyFormat.generate(prefix: "cc_live_").utf8)
        for position in key.indices {
            var changed = key
            changed[position] = changed[position] == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
            #expect(APIKeyFormat.read(String(decoding: changed, as: UTF8.self)) == .wrongChecksum)
        }
    }

    @Test(arguments: [
        "", "cc_live_", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", String(repeating: "a", count: 38),
        String(repeating: "a", count: 55), "CC_LIVE_" + String(repeating: "a", count: 38),
        "cc_live_" + String(repeating: "-", count: 38),
    ])
    func `other texts are left to auth`(text: String) {
        #expect(APIKeyFormat.read(text) == .somethingElse)
    }

    @Test(arguments: ["", "seventeen_letters", "Upper", "with-dash", "é"])
    func `other prefixes are refused`(prefix: String) {
        #expect(!APIKeyFormat.isPrefix(prefix))
    }

    /// The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    @Test func `the checksum is the CRC-32 of zlib`() {
        #expect(CRC32.checksum("123456789".utf8) == 0xCBF4_3926)
    }

    @Test func `four characters tell keys apart`() {
        #expect(APIKeyFormat.displayPrefix(of: "cc_live_ABCDEFGH", prefix: "cc_live_") == "cc_live_ABCD")
    }
}
