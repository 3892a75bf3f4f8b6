import Foundation
import SharedModels
import Testing

/// The promise under test: an id names one kind of thing, reads in both written forms, and sorts by creation.
@Suite struct IdentifierTests {
    private static let text = "0192a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b"

    @Test func `a new id is a UUID of version 7 that begins with its time`() throws {
        let now = try #require(Timestamp("2026-01-02T03:04:05.678901Z"))
        for _ in 0..<100 {
            let digits = Array(GigID.make(at: now).description.filter { $0 != "-" })
            #expect(Int64(String(digits[..<12]), radix: 16) == now.microseconds / 1000)
            #expect(digits[12] == "7")
            #expect("89ab".contains(digits[16]))
        }
    }

    @Test func `ids sort by the millisecond of their creation, as text too`() {
        let ids = (0..<500).map { GigID.make(at: Timestamp(microseconds: 1_767_225_600_000_000 + $0 * 1000)) }
        #expect(ids.shuffled().sorted() == ids)
        #expect(ids.map(\.description).shuffled().sorted() == ids.map(\.description))
        #expect(GigID.make(at: Timestamp(seconds: 1)) < GigID.make(at: Timestamp(seconds: 4_000_000_000)))
    }

    @Test func `no two ids of one moment are alike`() {
        #expect(Set((0..<10_000).map { _ in GigID.make(at: Timestamp(seconds: 1)) }).count == 10_000)
    }

    @Test(arguments: [text, text.uppercased(), text.filter { $0 != "-" }, "gig_" + text.filter { $0 != "-" }])
    func `every written form is read, and written canonically`(form: String) throws {
        let id = try #require(GigID(form))
        #expect(id.description == Self.text)
        #expect(id.prefixed == "gig_0192a0b1c2d37e4f8a5b6c7d8e9f0a1b")
        #expect(GigID(id.prefixed) == id)
        #expect(GigID(id.uuid.uuidString) == id)
        #expect(try JSONValue.string(form).decode(GigID.self) == id)
        #expect(try JSONValue.encode(id).elementsEqual("\"\(Self.text)\"".utf8))
    }

    @Test(arguments: [
        "", "_", "gig_", "x", "user_0192a0b1c2d37e4f8a5b6c7d8e9f0a1b", "GIG_0192a0b1c2d37e4f8a5b6c7d8e9f0a1b",
        "_0192a0b1c2d37e4f8a5b6c7d8e9f0a1b", "gig_\(text)", "gig_gig_0192a0b1c2d37e4f8a5b6c7d8e9f0a1b",
        "\(text) ", " \(text)", "\(text)0", "0192a0b1c2d37e4f8a5b6c7d8e9f0a1",
        "0192a0b1_c2d3_7e4f_8a5b_6c7d8e9f0a1b", "0192a0b1-c2d3-7e4f-8a5b6c7d8e9f0a1b0",
        "0192a0b1--c2d3-7e4-8a5b-6c7d8e9f0a1b", "{\(text)}", "０192a0b1c2d37e4f8a5b6c7d8e9f0a1b",
        "0x92a0b1c2d37e4f8a5b6c7d8e9f0a1b",
    ])
    func `anything else is no id`(text: String) throws {
        #expect(GigID(text) == nil)
        #expect(throws: JSONMismatch.self) { try JSONValue.string(text).decode(GigID.self) }
    }

    @Test func `each kind has its own prefix`() {
        let prefixes = [
            AccountKind.prefix, SessionKind.prefix, APIKeyKind.prefix, HostedAgentKind.prefix, GigKind.prefix,
            ApplicationKind.prefix,
            NegotiationKind.prefix, ContractKind.prefix, MilestoneKind.prefix, ConversationKind.prefix,
            MessageKind.prefix,
            MatchKind.prefix, WebhookKind.prefix, ChannelKind.prefix, DeliveryKind.prefix, EventKind.prefix,
            LedgerTransactionKind.prefix, EventAggregateKind.prefix,
        ]
        #expect(Set(prefixes).count == prefixes.count)
        // Those that the published contracts name.
        #expect(Set(prefixes).isSuperset(of: ["user", "match", "conv", "msg", "wh", "evt"]))
    }

    @Test func `a prefix of another kind is refused by the type even where the form passes`() throws {
        let other = "user_0192a0b1c2d37e4f8a5b6c7d8e9f0a1b"
        #expect(GigID.schema.issues(in: .string(other)) == [])
        #expect(AccountID(other) != nil)
        #expect(GigID(other) == nil)
    }
}
