import Testing

@testable import SandboxService

/// The promise under test: test keys are accepted in every form that Stripe takes, and no others.
@Suite struct StripeKeyTests {
    @Test(arguments: ["Bearer sk_test_1", "bearer rk_test_1", "Basic c2tfdGVzdF8xOg=="])
    func `a secret test key is taken`(header: String) throws {
        #expect(try StripeKey(authorization: header, parameter: nil) == .secret)
    }

    @Test func `a browser may send its key as a parameter`() throws {
        #expect(try StripeKey(authorization: nil, parameter: "pk_test_1") == .publishable)
    }

    @Test(arguments: [nil, "", "Bearer", "Bearer sk_live_1", "Bearer sk_test_", "Basic !!", "Digest x"])
    func `anything else is 401`(header: String?) {
        #expect {
            _ = try StripeKey(authorization: header, parameter: nil)
        } throws: { error in
            (error as? StripeError)?.status == 401
        }
    }

    @Test func `a refusal does not repeat the key`() {
        #expect {
            _ = try StripeKey(authorization: "Bearer sk_live_verysecretindeed", parameter: nil)
        } throws: { error in
            (error as? StripeError)?.message.contains("verysecret") == false
        }
    }
}
