import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: an event is told in its reader's language, in other words to each side, with what to do next.
@Suite struct MessageTextTests {
    private static let client = AccountID.make(at: .start)
    private static let worker = AccountID.make(at: .start)
    private static let names: KnownNames = [client: "Grace", worker: "Ada"]
    private static let parties: [JSONMember] = [
        JSONMember("client_user_id", .string("\(client)")), JSONMember("worker_user_id", .string("\(worker)")),
    ]

    private func text(
        _ name: EventName, _ data: JSONValue, for account: AccountID = .make(at: .start), in language: Language,
        names: KnownNames = Self.names
    ) -> MessageText {
        let words = EventWords(data, for: Reader(account: account, language: language), names: names)
        return MessageText(Teller(words).tell(name), in: language, home: "https://app.example")
    }

    /// Events that have one text for everybody, or that are told to somebody whose side is unknown.
    private static let plain: [(name: EventName, data: JSONValue, english: String, german: String)] = [
        (
            .gigCreated, ["title": "Paint a fence", "status": "draft"],
            "Your gig “Paint a fence” was created. Its status is draft.\nPublish it when it is ready.",
            "Dein Auftrag „Paint a fence“ wurde angelegt. Der Stand: Entwurf.\nVeröffentliche ihn, wenn er fertig ist."
        ),
        (
            .gigUpdated, ["title": "A", "status": "active"], "Your gig “A” was updated. Its status is now active.",
            "Dein Auftrag „A“ wurde geändert. Der Stand ist jetzt: aktiv."
        ),
        (.gigDeleted, ["title": "A"], "Your gig “A” was deleted.", "Dein Auftrag „A“ wurde gelöscht."),
        (
            .applicationCreated, ["message": "I can do it"],
            "Somebody applied to a gig. “I can do it”\nShortlist or reject it, or open a negotiation.",
            "Jemand hat sich auf einen Auftrag beworben. „I can do it“\nNimm sie in die engere Wahl, lehne sie ab, oder eröffne eine Verhandlung."
        ),
        (
            .applicationUpdated, ["gig_title": "A", "status": "shortlisted"], "You shortlisted an application to “A”.",
            "Du hast eine Bewerbung auf „A“ in die engere Wahl genommen."
        ),
        (
            .negotiationCreated,
            ["gig_title": "A", "rate_cents": 123_456, "hours_per_week": 20, "start_date": "2026-01-31"],
            "The client opened a negotiation with you about “A”. Terms: $1,234.56 an hour, 20 hours a week, from January 31, 2026.",
            "Die Auftraggeberseite verhandelt mit dir über „A“. Bedingungen: 1.234,56\u{A0}$ die Stunde, 20 Stunden die Woche, ab 31. Januar 2026."
        ),
        (
            .negotiationUpdated, ["gig_title": "A", "state": "in_progress", "round_number": 2, "rate_cents": 5],
            "Terms were proposed for “A”, round 2. Terms: $0.05 an hour.",
            "Für „A“ wurden Bedingungen vorgeschlagen, Runde 2. Bedingungen: 0,05\u{A0}$ die Stunde."
        ),
        (
            .contractCreated, ["gig_title": "A", "status": "pending_owner_approval"],
            "There is a contract for “A”. Its status is pending owner approval.",
            "Es gibt einen Vertrag für „A“. Der Stand: wartet auf Zustimmung."
        ),
        (
            .contractUpdated, ["gig_title": "A", "status": "active"],
            "The contract for “A” was updated. Its status is now active.",
            "Der Vertrag für „A“ hat sich geändert. Der Stand ist jetzt: aktiv."
        ),
        (
            .milestoneFunded, ["title": "First week", "amount_cents": 123_456_789],
            "The milestone “First week” was funded. $1,234,567.89 are held.",
            "Der Meilenstein „First week“ ist finanziert. 1.234.567,89\u{A0}$ sind hinterlegt."
        ),
        (
            .milestoneReleased, ["title": "First week", "amount_cents": 100_000, "payout_at": "2026-02-03T04:05:06Z"],
            "The milestone “First week” was released. It is $1,000.00. The payout leaves on February 3, 2026.",
            "Der Meilenstein „First week“ ist freigegeben. Es geht um 1.000,00\u{A0}$. Die Auszahlung geht am 3. Februar 2026 ab."
        ),
        (
            .milestoneReleaseDue, ["title": "First week", "auto_release_at": "2026-02-03T04:05:06Z"],
            "The milestone “First week” will be released on February 3, 2026.\nRelease it earlier, or dispute it until then.",
            "Der Meilenstein „First week“ wird am 3. Februar 2026 freigegeben.\nGib ihn früher frei, oder bestreite ihn bis dahin."
        ),
        (
            .disputeCreated, ["gig_title": "A", "reason": "Late"], "A dispute was opened about “A”. “Late”",
            "Um „A“ wurde ein Streitfall eröffnet. „Late“"
        ),
        (
            .keyExpiring, ["name": "laptop", "prefix": "cc_live_abcd", "expires_at": "2026-04-01T00:00:00Z"],
            "Your API key “laptop” expires on April 1, 2026.\nRotate it, or make another one, before it ends.",
            "Dein API-Schlüssel „laptop“ läuft am 1. April 2026 ab.\nErneuere ihn vorher, oder lege einen anderen an."
        ),
        (
            .milestoneMoneyChanged, ["change": "dispute_won", "amount_cents": 1_200, "currency": "usd"],
            "The money of a milestone has changed. The bank's dispute about $12.00 was won.",
            "Am Geld eines Meilensteins hat sich etwas geändert. Der Streit mit der Bank um 12,00\u{A0}$ ist gewonnen."
        ),
        (
            .milestoneMoneyChanged, ["change": "given_back", "amount_cents": 1_200, "currency": "usd"],
            "The money of a milestone has changed. It could not be paid out, and $12.00 were given back to the client.",
            "Am Geld eines Meilensteins hat sich etwas geändert. Es konnte nicht ausgezahlt werden, und 12,00\u{A0}$ gingen an die Auftraggeberseite zurück."
        ),
        (
            .contractMoneyChanged,
            ["gig_title": "A logo", "change": "disputed", "amount_cents": 150_000, "currency": "inr"],
            "The money of the contract for “A logo” has changed. The client's bank disputes ₹1,500.00; nothing moves until it has decided.",
            "Am Geld des Vertrags über „A logo“ hat sich etwas geändert. Die Bank der Auftraggeberseite bestreitet 1.500,00\u{A0}₹; bis sie entschieden hat, bewegt sich nichts."
        ),
        (
            .payoutsPaused, [:],
            "Your payouts are paused. The payment provider wants to know more, or your account there is closed.\nOpen the link of a contract to go on.",
            "Deine Auszahlungen sind angehalten. Der Zahlungsanbieter braucht mehr Angaben, oder dein Konto dort ist geschlossen.\nÖffne den Link eines Vertrags, um fortzufahren."
        ),
        (
            .walletPaidOut,
            [
                "change": "paid", "amount_cents": 54_000, "currency": "inr", "balance_cents": 0,
                "reference": "NEFT-N334260017",
            ],
            "Your wallet was paid out. It is ₹540.00. The bank's reference is “NEFT-N334260017”. Your wallet has ₹0.00 now.",
            "Dein Guthaben wurde ausgezahlt. Es geht um 540,00\u{A0}₹. Die Bank nennt sie „NEFT-N334260017“. Dein Guthaben ist jetzt 0,00\u{A0}₹."
        ),
        (
            .messageReceived, ["message": "Good morning"], "You have a new message. “Good morning”",
            "Du hast eine neue Nachricht. „Good morning“"
        ),
        (.conversationStarted, [:], "A conversation with you was started.", "Ein Gespräch mit dir wurde begonnen."),
        (.profileUpdated, [:], "Your profile was updated.", "Dein Profil wurde geändert."),
        (
            .matchCreated, ["match_score": 87], "You have a new match. Its score is 87 of 100.",
            "Du hast einen neuen Treffer. Er hat 87 von 100 Punkten."
        ),
        (
            .matchAccepted, ["message": "Hello"], "A match with you was accepted. “Hello”",
            "Ein Treffer mit dir wurde angenommen. „Hello“"
        ),
        (
            .matchRejected, ["reason": "Too far"], "A match with you was rejected. “Too far”",
            "Ein Treffer mit dir wurde abgelehnt. „Too far“"
        ),
        (
            .caseOpened,
            ["kind": "refund_failed", "believed": "9900 went back to the client", "reported": "re_1 failed"],
            "A case about money was opened. Refund failed. Our books: 9900 went back to the client. The provider: re_1 failed.\nSettle it as an admin.",
            "Ein Fall zum Geld wurde eröffnet. Refund failed. Unsere Bücher: 9900 went back to the client. Der Anbieter: re_1 failed.\nKläre ihn als Admin."
        ),
    ]

    @Test(arguments: EventName.allCases)
    func `every event has its words in every language`(name: EventName) throws {
        let example = try #require(Self.plain.first { $0.name == name })
        #expect(text(name, example.data, in: .english).text == example.english)
        #expect(text(name, example.data, in: .german).text == example.german)
    }

    @Test func `a payout that came back says what the wallet has, and what to do`() {
        let data: JSONValue = [
            "change": "came_back", "amount_cents": 54_000, "currency": "inr", "balance_cents": 40_000,
            "reference": "NEFT-1",
        ]
        #expect(
            text(.walletPaidOut, data, in: .english).text
                == "The payout of your wallet came back. It is ₹540.00. The bank's reference is “NEFT-1”. Your wallet has ₹400.00 now.\nTell the platform which bank account to pay to."
        )
        #expect(
            text(.walletPaidOut, data, in: .german).text
                == "Die Auszahlung deines Guthabens kam zurück. Es geht um 540,00\u{A0}₹. Die Bank nennt sie „NEFT-1“. Dein Guthaben ist jetzt 400,00\u{A0}₹.\nSag der Plattform, auf welches Bankkonto sie zahlen soll."
        )
    }

    @Test func `a match is told with the other's name and the work, as far as they are known`() throws {
        let data: JSONValue = [
            "user_id": .string(Self.worker.prefixed), "matched_user_id": .string(Self.client.prefixed),
            "match_score": 87,
            "work": ["gig_id": .string(GigID.make(at: .start).prefixed), "title": "A parser"],
        ]
        func told(_ language: Language, _ names: KnownNames = Self.names) -> MessageText {
            text(.matchCreated, data, for: Self.worker, in: language, names: names)
        }
        #expect(told(.english).text == "You have a new match: Grace. It is about “A parser”. Its score is 87 of 100.")
        #expect(
            told(.german).text
                == "Du hast einen neuen Treffer: Grace. Es geht um „A parser“. Er hat 87 von 100 Punkten.")
        #expect(told(.english).link == "https://app.example/people/\(Self.client)")
        let unnamed = told(.english, [:])
        #expect(unnamed.text == "You have a new match. It is about “A parser”. Its score is 87 of 100.")
        #expect(unnamed.link == nil)
        let words = EventWords(data, for: Reader(account: Self.worker, language: .english))
        #expect(words.others == [Self.client], "whose names are asked for")
    }

    @Test(arguments: [(EventName.matchAccepted, "accepted", "angenommen"), (.matchRejected, "rejected", "abgelehnt")])
    func `who decided about a match is told so, and the other side who it was`(
        name: EventName, english: String, german: String
    ) {
        let data: JSONValue = [
            "user_id": .string(Self.worker.prefixed), "matched_user_id": .string(Self.client.prefixed),
        ]
        func told(_ account: AccountID, _ language: Language, _ names: KnownNames = Self.names) -> String {
            text(name, data, for: account, in: language, names: names).text
        }
        #expect(told(Self.worker, .english) == "You \(english) the match with Grace.")
        #expect(told(Self.client, .english) == "Ada \(english) the match with you.")
        #expect(told(Self.client, .english, [:]) == "A match with you was \(english).")
        #expect(told(Self.worker, .german) == "Du hast den Treffer mit Grace \(german).")
        #expect(told(Self.client, .german) == "Ada hat den Treffer mit dir \(german).")
    }

    @Test func `each side hears what it did, or what it waits for, by the other's name`() {
        func both(_ name: EventName, _ more: JSONMember...) -> [String] {
            let data = JSONValue.object(Self.parties + [JSONMember("gig_title", "A")] + more)
            return [Self.client, Self.worker].map { text(name, data, for: $0, in: .english).text }
        }
        func action(_ name: String, by side: PartyRole) -> JSONMember {
            JSONMember("next_actions", [["action": .string(name), "by": [.string(side.rawValue)]]])
        }
        #expect(
            both(.applicationCreated) == [
                "Ada applied to “A”.\nShortlist or reject it, or open a negotiation.",
                "You applied to “A”.\nThe client decides now.",
            ])
        #expect(
            both(.applicationUpdated, JSONMember("status", "rejected")) == [
                "You rejected an application to “A”. It is from Ada.", "Your application to “A” was rejected.",
            ])
        #expect(
            both(.negotiationCreated, action("round", by: .worker)) == [
                "You opened a negotiation about “A”.\nIt is the other side's turn.",
                "Grace opened a negotiation with you about “A”.\nPropose terms, or decline.",
            ])
        #expect(
            both(.contractUpdated, action("fund", by: .client), JSONMember("status", "active")) == [
                "The contract for “A” was updated. Its status is now active.\nFund a milestone.",
                "The contract for “A” was updated. Its status is now active.\nIt is the other side's turn.",
            ])
        #expect(
            both(.milestoneFunded, JSONMember("title", "Week"), JSONMember("amount_cents", 5_000)) == [
                "You funded the milestone “Week”. $50.00 are held until you release them.\nIt is the other side's turn.",
                "Grace funded the milestone “Week”. $50.00 are held for you.\nDeliver the work when it is done.",
            ])
        #expect(
            both(
                .milestoneReleased, JSONMember("title", "Week"), JSONMember("amount_cents", 5_000),
                JSONMember("transfer_cents", 4_750), JSONMember("released_by", "client")) == [
                    "You released the milestone “Week”. It is $50.00.",
                    "Grace released the milestone “Week”. You get $47.50 of $50.00; the rest is the fee.",
                ])
        #expect(
            both(
                .disputeCreated, JSONMember("disputing_party", "client"),
                JSONMember("response_deadline", "2026-02-03T04:05:06Z")) == [
                    "You opened a dispute about “A”.\nThe other side can answer until February 3, 2026.",
                    "Grace opened a dispute about “A”.\nAnswer with your evidence until February 3, 2026.",
                ])
    }

    @Test func `a contract that is paid at once is told in rupees, step by step`() {
        func told(_ change: CheckoutChange, _ account: AccountID) -> String {
            let checkout: JSONValue = [
                "change": .string(change.rawValue), "amount_minor": 12_345_600, "status": "Pending",
            ]
            let data = JSONValue.object(
                Self.parties + [JSONMember("gig_title", "A"), JSONMember("checkout", checkout)])
            return text(change == .created ? .contractCreated : .contractUpdated, data, for: account, in: .english).text
        }
        #expect(told(.created, Self.client) == "There is a contract for “A”. Price: ₹123,456.00.")
        #expect(told(.approved, Self.client) == "Ada approved the contract for “A”. Its status is now pending.")
        #expect(told(.approved, Self.worker) == "You approved the contract for “A”. Its status is now pending.")
        #expect(told(.paid, Self.worker) == "Grace paid the contract for “A”. Its status is now pending.")
        #expect(told(.canceled, Self.worker) == "The contract for “A” was canceled. Its status is now pending.")
        #expect(
            told(.releaseRequested, Self.worker)
                == "Grace asked for the release of the money for “A”. Its status is now pending.")
    }

    @Test func `a message leads to the page of its thing, and to no other`() {
        let id = "019cabcd-0010-7000-8000-000000000010"
        func link(_ name: EventName, _ data: JSONValue) -> String? { text(name, data, in: .english).link }
        #expect(link(.gigUpdated, ["id": .string(id)]) == "https://app.example/gigs/\(id)")
        #expect(link(.applicationCreated, ["gig_id": .string(id)]) == "https://app.example/gigs/\(id)")
        #expect(link(.negotiationUpdated, ["id": .string(id)]) == "https://app.example/negotiations/\(id)")
        #expect(link(.contractUpdated, ["id": .string(id)]) == "https://app.example/contracts/\(id)")
        for name in [EventName.milestoneFunded, .milestoneMoneyChanged, .disputeCreated] {
            #expect(link(name, ["contract_id": .string(id)]) == "https://app.example/contracts/\(id)")
        }
        #expect(link(.profileUpdated, ["id": .string(id)]) == nil)
        #expect(link(.gigUpdated, ["id": "../../evil"]) == nil)
    }

    @Test(arguments: EventName.allCases, Language.allCases)
    func `without data there is still a sentence`(name: EventName, language: Language) {
        let message = text(name, .null, in: language)
        #expect(message.text.hasSuffix("."))
        #expect(!message.text.contains("nil") && !message.text.contains("{") && !message.text.contains("  "))
        #expect(message.text.first?.isUppercase == true)
    }

    @Test func `a long or odd text stays within a line and a message, and keeps its last step`() {
        let title = "a\r\nBcc: b" + String(repeating: "x", count: 5000)
        let message = text(.gigCreated, ["title": .string(title), "status": "draft"], in: .english)
        #expect(message.subject.count <= 200)
        #expect(message.subject.allSatisfy { !$0.isNewline })
        #expect(message.text.count <= MessageText.limit && message.text.hasSuffix("\nPublish it when it is ready."))
    }

    @Test func `what a user writes is not read as a place for a value`() {
        let message = text(.applicationCreated, ["gig_title": "{applicant} {x}", "message": "{gig}"], in: .english)
        #expect(message.text.hasPrefix("Somebody applied to “{applicant} {x}”. “{gig}”"))
    }

    @Test func `a row of the table has the same places in every language`() {
        let groups = Mirror(reflecting: Texts.all).children.map(\.value)
        let phrases = groups.flatMap { Mirror(reflecting: $0).children }.flatMap { child -> [(String, Phrase)] in
            let rows = (child.value as? Phrase).map { [$0] } ?? child.value as? [Phrase] ?? []
            return rows.map { (child.label ?? "", $0) }
        }
        #expect(phrases.count > 100)
        for (name, phrase) in phrases {
            let texts = Language.allCases.map { phrase[$0] }
            let places = texts.map { text in Set(text.matches(of: /\{[a-z]+\}/).map { String($0.output) }) }
            #expect(Set(places).count == 1, "\(name): \(texts)")
            #expect(texts.allSatisfy { !$0.isEmpty }, "\(name)")
        }
    }
}
