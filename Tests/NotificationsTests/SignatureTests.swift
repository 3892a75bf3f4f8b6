import Foundation
import ServiceKit
import SharedModels
import Testing

@testable import NotificationsService

/// The promise under test: a receiver can tell our deliveries from everybody else's.
@Suite struct SignatureTests {
    @Test func `both signatures are those of OpenSSL's HMAC`() throws {
        // printf '%s' '{"a":1}' | openssl dgst -sha256 -hmac 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='
        // printf '%s' '019456d0-0000-7000-8000-000000000001.1767225600.{"a":1}' \
        //   | openssl dgst -sha256 -hmac '0123456789abcdef0123456789abcdef' -binary | base64
        let secret = try #require(WebhookSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="))
        let id = try #require(EventID("019456d0-0000-7000-8000-000000000001"))
        let headers = WebhookSignature.headers(
            id: id, body: Array(#"{"a":1}"#.utf8), secret: secret, at: Timestamp(seconds: 1_767_225_600))
        #expect(
            headers.map { "\($0.name): \($0.value)" } == [
                "X-ClawConnected-Signature: sha256=0644de49523cf2c6c385a72deab74a857df1aa5a4539f5b8fceeab5813730bc7",
                "webhook-id: 019456d0-0000-7000-8000-000000000001",
                "webhook-timestamp: 1767225600",
                "webhook-signature: v1,ebtf1UVAa26i4xtGj+rpniBFkjnyVu2Hw4R1kuWNaUc=",
            ])
    }

    /// The example of the Standard Webhooks specification's own libraries (`standard-webhooks`, `webhook_test`).
    @Test func `the signature is that of the Standard Webhooks example`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signed = Array(#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#.utf8)
        #expect(WebhookSignature.standard(signed, secret) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `a new secret has 32 random bytes`() throws {
        let (one, other) = (WebhookSecret().text.reveal(), WebhookSecret().text.reveal())
        #expect(one != other)
        #expect(one.hasPrefix("whsec_"))
        #expect(Data(base64Encoded: String(one.dropFirst(6)))?.count == 32)
        #expect("\(WebhookSecret())".contains("whsec_") == false)
    }

    @Test func `a sealed secret opens for its own webhook alone, and only with the key`() throws {
        let vault = SecretVault(key: RotatingSecret(Secret("0123456789abcdef0123456789abcdef")))
        let (id, other) = (WebhookID.make(at: Timestamp(seconds: 0)), WebhookID.make(at: Timestamp(seconds: 0)))
        let secret = WebhookSecret()
        let sealed = try vault.seal(secret, of: id)
        #expect(try vault.open(sealed, of: id).text == secret.text)
        #expect(throws: BrokenSeal.self) { try vault.open(sealed, of: other) }
        #expect(throws: BrokenSeal.self) {
            try SecretVault(key: RotatingSecret(Secret("another key"))).open(sealed, of: id)
        }
    }
}
