import Crypto
import Foundation
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

extension StripeSignature {
    /// The header that Stripe would send.
    static func header(_ body: [UInt8], _ secret: Secret, at now: Timestamp) -> String {
        "t=\(now.seconds),v1=\(hex(body, secret, at: now))"
    }

    static func hex(_ body: [UInt8], _ secret: Secret, at now: Timestamp) -> String {
        let key = SymmetricKey(data: secret.bytes)
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(now.seconds).".utf8) + Data(body), using: key)
        return Hexadecimal.encode(code)
    }
}

/// The promise under test: only what Stripe signed recently, over exactly these bytes, is accepted.
@Suite struct StripeSignatureTests {
    static let now = Timestamp.start
    static let body = Array(#"{"id":"evt_1"}"#.utf8)
    static let old = Secret("whsec_old")
    static let new = Secret("whsec_new")
    let signature = StripeSignature(secrets: [old, new])

    @Test(arguments: [0, 299, 300, -300])
    func `a signature within the tolerance holds`(age: Int64) throws {
        let moment = Timestamp(seconds: Self.now.seconds - age)
        try signature.verify(
            StripeSignature.header(Self.body, Self.new, at: moment), body: Self.body, at: Self.now)
    }

    @Test(arguments: [301, -301, 86_400])
    func `a signature outside of it is stale`(age: Int64) {
        let header = StripeSignature.header(
            Self.body, Self.new, at: Timestamp(seconds: Self.now.seconds - age))
        #expect(throws: StripeSignature.Flaw.stale) {
            try signature.verify(header, body: Self.body, at: Self.now)
        }
    }

    @Test func `either secret counts while they are rotated, and either of several signatures`() throws {
        for secret in [Self.old, Self.new] {
            try signature.verify(
                StripeSignature.header(Self.body, secret, at: Self.now), body: Self.body, at: Self.now)
        }
        let other = StripeSignature.hex(Self.body, Secret("other"), at: Self.now)
        let header = StripeSignature.header(Self.body, Self.new, at: Self.now) + ",v1=\(other),v0=ff"
        try signature.verify(header, body: Self.body, at: Self.now)
    }

    @Test func `another secret, another byte and another time are wrong`() {
        let good = StripeSignature.header(Self.body, Self.new, at: Self.now)
        let foreign = StripeSignature.header(Self.body, Secret("other"), at: Self.now)
        let moved = "t=\(Self.now.seconds - 1),v1=\(StripeSignature.hex(Self.body, Self.new, at: Self.now))"
        #expect(throws: StripeSignature.Flaw.wrong) {
            try signature.verify(foreign, body: Self.body, at: Self.now)
        }
        #expect(throws: StripeSignature.Flaw.wrong) {
            try signature.verify(good, body: Self.body + [10], at: Self.now)
        }
        #expect(throws: StripeSignature.Flaw.wrong) {
            try signature.verify(moved, body: Self.body, at: Self.now)
        }
    }

    @Test(arguments: [
        "", "t=1", "v1=00", "t=,v1=00", "t=x,v1=" + String(repeating: "0", count: 64), "nonsense",
        "t=1,v1=zz",
    ])
    func `what is no signature is refused`(header: String) {
        #expect(throws: StripeSignature.Flaw.malformed) {
            try signature.verify(header, body: Self.body, at: Self.now)
        }
    }

    @Test func `a time of any size is refused, and so is a missing one`() {
        let zeros = String(repeating: "0", count: 64)
        for time in ["9223372036854775807", "-9223372036854775808"] {
            #expect(throws: StripeSignature.Flaw.stale) {
                try signature.verify("t=\(time),v1=\(zeros)", body: Self.body, at: Self.now)
            }
        }
        #expect(throws: StripeSignature.Flaw.missing) {
            try signature.verify(nil, body: Self.body, at: Self.now)
        }
    }
}
