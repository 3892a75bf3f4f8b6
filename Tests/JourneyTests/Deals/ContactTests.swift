import SharedModels
import Testing

extension Journeys {
    @Suite struct SharingContacts {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A contact reaches the other party, and nobody else; sharing again replaces it`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let share = Endpoints.negotiations.shareContact.operation
            let mail: JSONValue = ["contact_type": "Email", "contact_value": "ada@example.com"]
            let old = try await deal.client.session.succeed(share, deal.negotiationIDs, mail)
            #expect(old.json == mail)
            let chat: JSONValue = ["contact_type": "Telegram", "contact_value": "@ada"]
            let tag = try #require(old.header("etag"))
            try await deal.client.session.succeed(
                share, deal.negotiationIDs, chat, headers: [("If-Match", tag)])
            let stale = try await deal.client.session.ask(
                share, deal.negotiationIDs, mail, headers: [("If-Match", tag)])
            #expect(stale.status == 412, "\(stale)")
            let get = Endpoints.negotiations.get.operation
            let mine = try await deal.client.session.succeed(get, deal.negotiationIDs, query: "?audit=1")
            #expect(mine["contact_exchange"]?["my_share"] == chat)
            #expect(mine["contact_exchange"]?["other_party_contact"]?.isNull == true)
            let theirs = try await deal.worker.session.succeed(get, deal.negotiationIDs, query: "?audit=1")
            #expect(theirs["contact_exchange"]?["other_party_contact"] == chat)
            #expect(theirs["contact_exchange"]?["my_share"]?.isNull == true)
            for answer in [mine, theirs] {
                #expect(!String(decoding: answer.bytes, as: UTF8.self).contains("ada@example.com"))
            }
            let stranger = try await stack.freelancer().session.ask(share, deal.negotiationIDs, mail)
            #expect(stranger.status == 404, "\(stranger)")
            let blank = try await deal.worker.session.ask(
                share, deal.negotiationIDs, ["contact_type": "Email", "contact_value": " "])
            #expect(blank.issuePaths == ["contact_value"], "\(blank)")
        }
    }
}
