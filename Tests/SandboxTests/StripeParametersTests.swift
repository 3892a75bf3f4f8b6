import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: Stripe's form encoding is read as its libraries write it, and nothing else passes.
@Suite struct StripeParametersTests {
    private func parse(_ form: String) throws -> StripeParameters {
        try StripeParameters(FormData.pairs(form.utf8))
    }

    @Test func `texts are decoded`() throws {
        let parameters = try parse("description=two+words+%26+caf%C3%A9&empty=&flag=True")
        #expect(try parameters.text("description") == "two words & café")
        #expect(try parameters.text("empty") == nil)
        #expect(try parameters.flag("flag") == true)
    }

    @Test func `brackets make objects and arrays`() throws {
        let parameters = try parse(
            "metadata[a]=1&expand[]=x&expand[]=y&line_items[0][price_data][unit_amount]=5&line_items[0][quantity]=2"
                + "&line_items[1][quantity]=3")
        #expect(try parameters.metadata() == ["a": "1"])
        #expect(try parameters.list("expand") == ["x", "y"])
        let lines = try parameters.groups("line_items")
        #expect(lines.count == 2)
        #expect(try lines[0].group("price_data").integer("unit_amount") == 5)
        #expect(try lines[1].integer("quantity") == 3)
    }

    @Test func `a refusal names the parameter with its brackets`() throws {
        let lines = try parse("line_items[0][price_data][unit_amount]=x").groups("line_items")
        #expect(
            throws: StripeError.invalid(
                "parameter_invalid_integer", "Invalid integer: x", "line_items[0][price_data][unit_amount]")
        ) {
            try lines[0].group("price_data").integer("unit_amount")
        }
        #expect(throws: StripeError.missing("amount")) { try parse("currency=usd").requiredInteger("amount") }
    }

    @Test(arguments: [
        "a[b=1", "a]b[=1", "[a]=1", "=1", "a=1&a[b]=2", "a[b]=2&a=1", "a[b][c][d][e][f][g][h][i]=1",
    ])
    func `broken names are refused`(form: String) {
        #expect(throws: StripeError.self) { try parse(form) }
    }

    @Test func `metadata is merged, and empty values remove`() throws {
        #expect(
            try parse("metadata[a]=&metadata[b]=2").metadata(over: ["a": "1", "c": "3"]) == [
                "c": "3", "b": "2",
            ])
        #expect(try parse("metadata=").metadata(over: ["a": "1"]) == .object([]))
        #expect(try parse("amount=1").metadata(over: ["a": "1"]) == ["a": "1"])
    }

    @Test func `broken percent signs and bytes do no harm`() {
        #expect(
            FormData.pairs("a=%&b=%4&c=%zz&d=%00&e=%ff".utf8).map(\.value) == [
                "%", "%4", "%zz", "\u{FFFD}", "\u{FFFD}",
            ])
        #expect(FormData.pairs("".utf8).isEmpty)
        #expect(FormData.pairs(String(repeating: "a=1&", count: 10_000).utf8).count == FormData.pairLimit)
    }

    @Test func `the order of parameters does not make another request`() throws {
        func fingerprint(_ form: String) throws -> String {
            StripeAnswerStore.fingerprint(method: "POST", path: "/v1/transfers", try parse(form))
        }
        #expect(
            try fingerprint("amount=1&metadata[a]=1&metadata[b]=2")
                == fingerprint("metadata[b]=2&metadata[a]=1&amount=1"))
        #expect(try fingerprint("amount=1") != fingerprint("amount=2"))
    }
}
