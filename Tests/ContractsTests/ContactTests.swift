import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: what a party shares reaches the other party, and nobody and nothing else.
@Suite struct ContactTests {
    private static let mail = ContactShare(contactType: "Email", contactValue: "ada@example.com")
    private static let phone = ContactShare(contactType: "Telegram", contactValue: "@bob")

    @Test func `each party sees its own share and the other's`() async throws {
        try await Deals.with { deals in
            let id = try await deals.negotiated().id
            #expect(
                try await deals.exchange(id, for: deals.client)
                    == ContactExchange(myShare: nil, otherPartyContact: nil))
            try await deals.share(Self.mail, in: id, by: deals.client)
            #expect(
                try await deals.exchange(id, for: deals.client)
                    == ContactExchange(myShare: Self.mail, otherPartyContact: nil))
            #expect(
                try await deals.exchange(id, for: deals.worker)
                    == ContactExchange(myShare: nil, otherPartyContact: Self.mail))
            try await deals.share(Self.phone, in: id, by: deals.worker)
            #expect(
                try await deals.exchange(id, for: deals.client)
                    == ContactExchange(myShare: Self.mail, otherPartyContact: Self.phone))
        }
    }

    @Test func `sharing again replaces what was shared, and the same again changes nothing`() async throws {
        try await Deals.with { deals in
            let id = try await deals.negotiated().id
            let first = try await deals.share(Self.mail, in: id, by: deals.client)
            let repeated = try await deals.share(Self.mail, in: id, by: deals.client)
            #expect(repeated.version == first.version)
            let second = try await deals.share(Self.phone, in: id, by: deals.client)
            #expect(second.version > first.version)
            #expect(try await deals.exchange(id, for: deals.worker)?.otherPartyContact == Self.phone)
            #expect(try await deals.exchange(id, for: deals.worker)?.myShare == nil)
        }
    }

    @Test func `what is shared outlives rounds, agreement and the end`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.agreed()
            let id = contract.negotiationID
            try await deals.share(Self.mail, in: id, by: deals.worker)
            _ = try await deals.contracts.approve(contract.id, by: deals.client, expecting: anyVersion)
            _ = try await deals.contracts.approve(contract.id, by: deals.worker, expecting: anyVersion)
            #expect(try await deals.exchange(id, for: deals.client)?.otherPartyContact == Self.mail)
            deals.clock.advance(by: .days(7))
            try await deals.activation.expire(contract.id)
            try await deals.share(Self.phone, in: id, by: deals.client)
            #expect(
                try await deals.exchange(id, for: deals.worker)
                    == ContactExchange(myShare: Self.mail, otherPartyContact: Self.phone))
        }
    }

    @Test func `neither the log nor an event nor a list has anything of it`() async throws {
        try await Deals.with { deals in
            let id = try await deals.negotiated().id
            let before = try await deals.announced()
            try await deals.share(Self.mail, in: id, by: deals.client)
            #expect(try await deals.announced() == before)
            _ = try await deals.negotiations.propose(
                Terms(hoursPerWeek: 5), in: id, by: deals.worker, expecting: anyVersion)
            let view = try await deals.shown(id, to: deals.worker, withAudit: true)
            let log = try JSONValue.encode(try #require(view.audit))
            #expect(!String(decoding: log, as: UTF8.self).contains("ada@"))
            let page = try await deals.negotiations.page(of: deals.worker, in: nil, after: nil, limit: 10)
            #expect(page.items.map { $0.view(for: .worker).contactExchange } == [nil])
            let leaked: Int = try await deals.database.one(
                "SELECT count(*) AS n FROM outbox WHERE outbox::text LIKE '%ada@%'"
            ) { try $0.decode("n") }
            #expect(leaked == 0)
        }
    }

    @Test func `strangers and stale versions are refused, and nothing is shared`() async throws {
        try await Deals.with { deals in
            let id = try await deals.negotiated().id
            await #expect(throws: NegotiationError.notFound) {
                try await deals.share(Self.mail, in: id, by: .make(at: .start))
            }
            await #expect(throws: NegotiationError.notFound) {
                try await deals.share(Self.mail, in: .make(at: .start), by: deals.client)
            }
            await #expect(throws: Refusal.self) {
                try await deals.negotiations.share(Self.mail, in: id, by: deals.client) { version in
                    throw Refusal(.preconditionFailed, "\(version)")
                }
            }
            #expect(
                try await deals.exchange(id, for: deals.worker)
                    == ContactExchange(myShare: nil, otherPartyContact: nil))
        }
    }

    @Test func `a contact that is blank or too long is refused by name`() throws {
        let schema = try #require(Endpoints.negotiations.shareContact.operation.inputSchema)
        func paths(_ type: String, _ value: String) -> [String] {
            schema.issues(in: ["contact_type": .string(type), "contact_value": .string(value)]).map(\.path)
        }
        #expect(paths("Email", "a@example.com").isEmpty)
        #expect(paths(String(repeating: "a", count: 50), String(repeating: "b", count: 500)).isEmpty)
        #expect(paths(String(repeating: "a", count: 51), "b") == ["contact_type"])
        #expect(paths("a", String(repeating: "b", count: 501)) == ["contact_value"])
        #expect(paths(" ", "b") == ["contact_type"])
        #expect(paths("a", "") == ["contact_value"])
    }
}

extension Deals {
    @discardableResult
    fileprivate func share(
        _ contact: ContactShare, in id: NegotiationID, by account: AccountID
    ) async throws -> Negotiation {
        try await negotiations.share(contact, in: id, by: account, expecting: anyVersion)
    }

    fileprivate func exchange(_ id: NegotiationID, for account: AccountID) async throws -> ContactExchange? {
        try await shown(id, to: account).contactExchange
    }
}
