import SharedModels
import Testing

extension Journeys {
    @Suite struct Notices {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A webhook that fails is tried again with the same body and id, each time signed`() async throws {
            let client = try await stack.client()
            try await Receiver.use(of: client, status: { $0 == 0 ? 500 : 200 }) { receiver in
                try await client.session.succeed(Endpoints.gigs.create.operation, [:], ["title": "Retried"])
                let deliveries = try await eventually("the delivery is tried again") {
                    let deliveries = receiver.deliveries
                    return deliveries.count >= 2 ? deliveries : nil
                }
                #expect(deliveries[0].event == "gig.created")
                #expect(deliveries[0].body == deliveries[1].body)
                #expect(deliveries[0].messageID == deliveries[1].messageID)
                for delivery in deliveries { #expect(try receiver.isSigned(delivery)) }
            }
        }

        @Test
        func `A gig's owner hears of each change of it, in order`() async throws {
            let client = try await stack.client()
            try await Receiver.use(of: client) { receiver in
                let gig = try await client.session.succeed(Endpoints.gigs.create.operation, [:], ["title": "First"])
                let ids = ["id": try #require(gig["id"]?.string)]
                try await client.session.succeed(Endpoints.gigs.update.operation, ids, ["status": "active"])
                try await client.session.succeed(Endpoints.gigs.delete.operation, ids)
                let events = try await eventually("three events arrive") {
                    let events = receiver.deliveries.compactMap(\.event)
                    return events.count >= 3 ? events : nil
                }
                #expect(events == ["gig.created", "gig.updated", "gig.deleted"])
            }
        }

        @Test
        func `Both sides of an application hear of its shortlisting, a stranger does not`() async throws {
            let deal = try await Deal.make(.applied, in: stack)
            let stranger = try await stack.client()
            try await Receiver.use(of: stranger) { strangers in
                try await Receiver.use(of: deal.worker) { workers in
                    try await Receiver.use(of: deal.client) { clients in
                        try await deal.client.session.succeed(
                            Endpoints.applications.update.operation, deal.applicationIDs, ["status": "shortlisted"])
                        for receiver in [workers, clients] {
                            _ = try await eventually("the party is told") {
                                receiver.messages(of: .applicationUpdated).count == 1 ? true : nil
                            }
                        }
                        #expect(strangers.deliveries.isEmpty)
                    }
                }
            }
        }

        @Test
        func `The freelancer's Telegram says that the money was released`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let chat = String(UInt32.random(in: 100_000_000 ... .max))
            try await deal.worker.session.succeed(
                Endpoints.notifications.createChannel.operation, [:],
                ["channel_type": "telegram", "config": ["chat_id": .string(chat)]])
            try await deal.client.session.succeed(Endpoints.contracts.release.operation, deal.milestoneIDs)
            _ = try await eventually("the message arrives") {
                try await stack.messages(channel: "telegram", to: chat).contains {
                    $0.lowercased().contains("released")
                } ? true : nil
            }
        }

        @Test
        func `Who chose German reads in the inbox what happened, and where`() async throws {
            let client = try await stack.client()
            let chosen = try await client.session.succeed(Endpoints.reading.update.operation, [:], ["locale": "de"])
            #expect(chosen["locale"] == "de")
            let gig = try await client.session.succeed(Endpoints.gigs.create.operation, [:], ["title": "Zaun"])
            let id = try #require(gig["id"]?.string)
            let notice = try await eventually("the inbox has it") {
                try await client.session.succeed(Endpoints.feed.inbox.operation)["notices"]?.array?.first
            }
            #expect(notice["title"] == "Dein Auftrag „Zaun“ wurde angelegt")
            #expect(notice["text"]?.string?.hasSuffix("Veröffentliche ihn, wenn er fertig ist.") == true)
            #expect(notice["link"]?.string?.hasSuffix("/gigs/\(id)") == true)
        }
    }
}
