import Testing

@testable import SharedModels

/// The promise under test: what users' programs read from events does not change, nor does the form of rows from before
/// an upgrade.
@Suite struct EventTests {
    private static let id = "019cabcd-0010-7000-8000-000000000010"
    private static let at = Timestamp(seconds: 1_767_225_600)

    private static let gig = """
        id owner_user_id title description scope rate_cents status created_at updated_at next_actions \
        flow currency
        """
    private static let application = """
        id gig_id worker_user_id message status created_at updated_at next_actions flow currency \
        gig_title
        """
    private static let negotiation = """
        id gig_id gig_title client_user_id worker_user_id your_role state ended_by round_number \
        rate_cents hours_per_week start_date payout_delay_days contract_id contact_exchange audit created_at updated_at \
        waits_for next_actions
        """
    private static let contract = """
        id negotiation_id gig_id gig_title client_user_id worker_user_id your_role status rate_cents \
        hours_per_week start_date payout_delay_days client_approved_at worker_approved_at \
        activation_deadline revision_notes client_ended_at worker_ended_at end_note milestones connect_url created_at updated_at next_actions \
        flow currency checkout
        """
    private static let milestone = """
        contract_id negotiation_id gig_id gig_title client_user_id worker_user_id milestone_id title status \
        amount_cents platform_fee_cents transfer_cents returned_cents funded_at delivered_at released_at \
        released_by auto_release_at payout_at
        """
    private static let dispute = """
        id contract_id milestone_id gig_title disputing_party your_role status reason response_deadline \
        responded_at evidence counter_evidence recommendation resolution created_at updated_at next_actions \
        client_user_id worker_user_id
        """
    private static let key = """
        name prefix api_key_id hosted_agent_id expires_at
        """

    private static let decision = """
        match_id user_id matched_user_id match_score skills_matched status action_id action message reason \
        conversation_id timestamp expires_at
        """

    /// Every event for users with its line, its destinations and the members of its data, in order.
    private static let known: [(name: String, summary: String, destinations: [ServiceName], members: String)] = [
        (
            "gig.created", "A gig was posted", [.notifications, .talent],
            gig
        ),
        (
            "gig.updated", "A gig was changed, published or closed", [.notifications, .talent],
            gig
        ),
        (
            "gig.deleted", "A gig was deleted", [.notifications, .talent],
            gig
        ),
        (
            "gig.application.created", "Somebody applied to a gig", [.notifications],
            application
        ),
        (
            "gig.application.updated", "An applicant was shortlisted or rejected, or withdrew", [.notifications],
            application + " withdrawn"
        ),
        (
            "negotiation.created", "A negotiation was opened", [.notifications, .jobs],
            negotiation
        ),
        (
            "negotiation.updated", "A negotiation has a new round or another state", [.notifications, .jobs],
            negotiation
        ),
        (
            "contract.created", "Both parties agreed; there is a contract", [.notifications],
            contract
        ),
        (
            "contract.updated", "A contract or one of its milestones has changed", [.notifications, .talent, .jobs],
            contract
        ),
        (
            "contract.milestone.funded", "A milestone's money is held", [.notifications],
            milestone
        ),
        (
            "contract.milestone.released", "A milestone's money was given to the worker", [.notifications],
            milestone
        ),
        (
            "dispute.created", "A dispute was opened", [.notifications],
            dispute
        ),
        (
            "key.expiring", "An API key ends within a week", [.notifications],
            key
        ),
        (
            "contract.milestone.release_due",
            "A milestone's money is given to the worker within three days unless you dispute it", [.notifications],
            milestone
        ),
        (
            "contract.milestone.money_changed", "The money of a milestone was moved outside of the deal",
            [.notifications, .contracts],
            "milestone_id contract_id change amount_cents currency at"
        ),
        (
            "contract.money_changed", "The money of a paid contract was moved outside of the deal", [.notifications],
            "contract_id contract_number gig_title change amount_cents currency at"
        ),
        (
            "payouts.paused", "Payouts wait until the payment provider is told more", [.notifications, .contracts],
            "user_id"
        ),
        (
            "wallet.paid_out", "Your wallet was paid out, or its payout came back", [.notifications],
            "user_id change amount_cents currency balance_cents reference at"
        ),
        (
            "message.received", "Somebody wrote to you", [.notifications],
            "message_id conversation_id sender_id recipient_id type message metadata sent_at"
        ),
        (
            "conversation.started", "A conversation was started", [.notifications],
            "conversation_id participants started_by match_id created_at"
        ),
        ("profile.updated", "Your profile was changed", [.notifications], "user_id updated_fields updated_at"),
        (
            "match.created", "A new match", [.notifications],
            "match_id user_id matched_user_id work match_score skills_matched compatibility_scores timestamp expires_at"
        ),
        (
            "match.accepted", "A match was accepted", [.notifications],
            decision
        ),
        (
            "match.rejected", "A match was rejected", [.notifications],
            decision
        ),
        (
            "case.opened", "A case about money waits for an admin", [.notifications],
            "id kind status subject milestone_id contract_id user_id amount_cents currency believed reported allowed_actions note created_at closed_at"
        ),
    ]

    @Test func `names, lines, destinations and members are those of before`() {
        #expect(EventName.allCases.map(\.rawValue) == Self.known.map(\.name))
        for (name, known) in zip(EventName.allCases, Self.known) {
            let event = name.event
            #expect(event.name == name && event.label == known.name)
            #expect(event.summary == known.summary, "\(name)")
            #expect(event.destinations == known.destinations, "\(name)")
            #expect(
                event.isStandard == ![
                    .keyExpiring, .milestoneReleaseDue, .milestoneMoneyChanged, .contractMoneyChanged, .payoutsPaused,
                    .walletPaidOut, .messageReceived, .conversationStarted, .profileUpdated, .matchCreated,
                    .matchAccepted,
                    .matchRejected,
                    .caseOpened,
                ].contains(name))
            guard case .object(let object) = event.schema else {
                Issue.record("\(name) carries no object")
                continue
            }
            #expect(object.properties.map(\.name).joined(separator: " ") == known.members, "\(name)")
        }
    }

    @Test func `the events of services are those of before`() {
        let known: [InternalEventName: [ServiceName]] = [
            .accountCreated: [.talent, .payments], .accountUpdated: [.talent],
            .accountDeleted: [.talent, .jobs, .contracts, .payments, .notifications, .messages],
            .accountBlocked: [.notifications], .accountUnblocked: [.notifications],
            .adminAppointed: [.notifications], .payeeOnboarded: [.contracts],
            .escrowFunded: [.contracts], .escrowLapsed: [.contracts], .disputeLost: [.talent],
            .checkoutContractChanged: [.jobs, .talent], .messageCounted: [.talent],
            .noticeAdded: [.messages],
        ]
        for name in InternalEventName.allCases {
            #expect(name.event.name == name && name.event.label == name.rawValue)
            #expect(name.event.destinations == known[name])
        }
        #expect(Set(Events.all.map { $0.label }).count == EventName.allCases.count + InternalEventName.allCases.count)
    }

    private func text<E: Event>(_ event: E.Type, _ content: E.Content) throws -> String {
        let announcement = try Announcement(event, of: account, sequence: 1, content, at: Self.at)
        return String(decoding: announcement.json, as: UTF8.self)
    }

    private var account: AccountID { get throws { try #require(AccountID(Self.id)) } }

    @Test func `what services tell each other has its members in their order, and null for what is missing`() throws {
        let whose = AccountReference(userID: try account)
        for written in [
            try text(AccountDeleted.self, whose), try text(PayeeOnboarded.self, whose),
            try text(DisputeLost.self, whose),
        ] {
            #expect(written == #"{"user_id":"\#(Self.id)"}"#)
        }
        #expect(
            try text(
                AccountCreated.self,
                NewAccount(
                    userID: account, userType: .freelancer, displayName: "Ada", isReturning: false, githubUsername: nil)
            )
                == #"{"user_id":"\#(Self.id)","user_type":"freelancer","display_name":"Ada","is_returning":false,"#
                + #""github_username":null}"#)
        #expect(
            try text(AccountUpdated.self, GitHubNews(userID: account, githubUsername: "ada"))
                == #"{"user_id":"\#(Self.id)","github_username":"ada"}"#)
        let news = EscrowNews(
            milestoneID: try #require(MilestoneID(Self.id)), contractID: try #require(ContractID(Self.id)),
            paymentIntentID: nil, at: Self.at)
        let escrow =
            #"{"milestone_id":"\#(Self.id)","contract_id":"\#(Self.id)","payment_intent_id":null,"#
            + #""at":"2026-01-01T00:00:00Z"}"#
        #expect(try text(EscrowFunded.self, news) == escrow)
        #expect(try text(EscrowLapsed.self, news) == escrow)
    }

    @Test func `one more member comes last`() throws {
        let told = try Announcement(
            AccountDeleted.self, of: account, sequence: 1, AccountReference(userID: account), at: Self.at)
        let text = String(decoding: told.adding("gig_title", "“A”\n\"B\"").json, as: UTF8.self)
        #expect(text == #"{"user_id":"\#(Self.id)","gig_title":"“A”\n\"B\""}"#)
    }

    @Test func `what services read of an event is in each that is sent`() throws {
        for event in Events.all { try readable(event) }
    }

    private func readable<E: Event>(_ event: E.Type) throws {
        let example = Example.make(of: try Schema.reflecting(E.Content.self))
        #expect(throws: Never.self, "\(event.label)") {
            try example.decode(E.Reading.self)
        }
    }

    @Test func `an envelope is read as it was written, and each flaw is told`() throws {
        let envelope = EventEnvelope(
            id: .make(at: Self.at), name: "gig.created", aggregate: .make(at: Self.at), sequence: 7,
            recipients: [try account], data: ["z": 1, "a": nil], at: Self.at, requestID: nil)
        #expect(try EventEnvelope(envelope.json) == envelope)
        #expect(
            envelope.json.object?.map(\.name) == [
                "id", "name", "aggregate", "sequence", "recipients", "data", "at", "request_id",
            ])
        for member in envelope.json.object ?? [] where member.name != "request_id" {
            let without = JSONValue.object((envelope.json.object ?? []).filter { $0.name != member.name })
            let flaw = #expect(throws: EventEnvelope.Flaw.self) { try EventEnvelope(without) }
            #expect(flaw?.member == member.name)
        }
    }
}
