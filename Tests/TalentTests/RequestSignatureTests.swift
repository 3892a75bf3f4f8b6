import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import TalentService

/// The promise under test: requests are signed as in AWS's own examples and libraries.
@Suite struct RequestSignatureTests {
    private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    private static let documented = RequestSignature(
        accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1", service: "s3")
    private static let may2013 = Timestamp(seconds: 1_369_353_600)

    private func signature(_ authorization: String) -> Substring? { authorization.split(separator: "=").last }

    @Test func `reading an object is signed as in AWS's example`() {
        let authorization = Self.documented.authorization(
            of: .init(
                method: "GET", path: "/test.txt",
                headers: [
                    ("Host", "examplebucket.s3.amazonaws.com"), ("Range", "bytes=0-9"),
                    ("x-amz-content-sha256", Self.empty), ("x-amz-date", "20130524T000000Z"),
                ], payloadDigest: Self.empty),
            at: Self.may2013)
        #expect(
            authorization
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test func `storing an object is signed as in AWS's example`() {
        let digest = RequestSignature.digest("Welcome to Amazon S3.".utf8)
        let authorization = Self.documented.authorization(
            of: .init(
                method: "PUT", path: "/test%24file.text",
                headers: [
                    ("date", "Fri, 24 May 2013 00:00:00 GMT"), ("host", "examplebucket.s3.amazonaws.com"),
                    ("x-amz-content-sha256", digest), ("x-amz-date", "20130524T000000Z"),
                    ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                ], payloadDigest: digest),
            at: Self.may2013)
        #expect(
            signature(authorization) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    }

    @Test func `the first case of AWS's test suite is signed as it says`() {
        let suite = RequestSignature(
            accessKey: "AKIDEXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", service: "service")
        let authorization = suite.authorization(
            of: .init(
                method: "GET", path: "/",
                headers: [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")],
                payloadDigest: Self.empty),
            at: Timestamp(seconds: 1_440_938_160))
        #expect(
            signature(authorization) == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
    }

    /// Computed by botocore 1.44.5, `S3SigV4Auth`, at 2026-01-01T00:00:00Z.
    @Test(arguments: [
        (
            "PUT", "127.0.0.1:9000", "", "application/pdf", "%PDF-1.7 hello",
            "e2f40884858d69667201182082a17128d2253ef38db34711c99f0fda0b33a466"
        ),
        (
            "GET", "s3.example.com", "/base", nil, "",
            "c7b551e161c6c3be97b6ae3f8af1ce310adb7dd1b0cca426d20a2b83eeb97626"
        ),
        (
            "DELETE", "127.0.0.1:9000", "", nil, "",
            "ca5e8624e6549ab9ac493d62600b49f6d61d79d32a1df40920ce38f66b27dc25"
        ),
    ])
    func `what we send is signed as botocore signs it`(
        method: String, host: String, base: String, type: String?, body: String, expected: String
    ) {
        let digest = RequestSignature.digest(body.utf8)
        let authorization = FakeS3.signature.authorization(
            of: .init(
                method: method, path: base + "/guild.files/019b76da-a800-7000-8000-000000000001",
                headers: [
                    ("host", host), ("x-amz-date", "20260101T000000Z"), ("x-amz-content-sha256", digest),
                ] + (type.map { [("content-type", $0)] } ?? []),
                payloadDigest: digest),
            at: .start)
        #expect(signature(authorization) == Substring(expected))
    }
}
