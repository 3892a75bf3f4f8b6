import Foundation
import GuildhallClient
import SharedModels

/// One whole deal between a made-up client and freelancer, narrated step by step. It stops at the first figure that is
/// wrong.
struct Demo {
    static let rateCents: Int64 = 5_500
    static let hours = 10
    static let payoutDelayDays = 3

    let world: DemoWorld
    let receiver: WebhookReceiver
    private let run = String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 36)

    func play() async throws {
        let parties = try await signIn()
        let (gig, application) = try await hire(parties)
        let contract = try await agree(parties, gig, application)
        let milestone = try await fund(parties, contract)
        try await deliverAndRelease(parties, contract, milestone)
        try await showNotices(parties)
        try await payOut(parties, milestone)
        print(
            """

            Every figure agrees. The deal is done.

            Where to look next
              the marketplace in a browser  \(world.gateway)
              the API, to read and to try   \(world.gateway)/docs
              one page for agents           \(world.gateway)/llms.txt
              sign in as one of the two     \(world.gateway)/sign-in with GitHub, as acme-\(run) or ada-\(run)
              what the provider has seen    \(world.sandbox)/sandbox/stripe/state
              fifty people and more deals   make seed
            The stack's clock is \(Self.payoutDelayDays.counted("day")) further ahead now, because a payout waits so long; \
            `make reset` sets it back and deletes the data.
            """)
    }

    private struct Parties {
        let client: PatientClient
        let clientID: AccountID
        let freelancer: PatientClient
        let freelancerID: AccountID
        let chat: String
    }

    private func signIn() async throws -> Parties {
        step("A client and a freelancer sign in with GitHub and make API keys")
        let client = try await account("acme-\(run)", .client)
        let freelancer = try await account("ada-\(run)", .freelancer)
        let chat = String(UInt32.random(in: 100_000_000...UInt32.max))
        let channel = try await freelancer.api.call(
            Endpoints.notifications.createChannel,
            ["channel_type": "telegram", "config": ["chat_id": .string(chat)]])
        tell("the freelancer's Telegram channel", channel.id)
        let webhook = try await client.api.call(Endpoints.notifications.createWebhook, ["url": .string(receiver.url)])
        receiver.trust(secret: webhook.secret)
        tell("the client's webhook \(webhook.url)", webhook.id)
        return Parties(
            client: client.api, clientID: client.id, freelancer: freelancer.api, freelancerID: freelancer.id, chat: chat
        )
    }

    private func account(_ login: String, _ type: UserType) async throws -> (api: PatientClient, id: AccountID) {
        let session = world.client.signedIn(as: .session(try await world.signIn(as: login)))
        let me = try await session.call(Endpoints.session.current)
        if me.userType != type {
            _ = try await session.call(Endpoints.profiles.update, ["user_type": .string(type.rawValue)])
        }
        let key = try await session.call(Endpoints.keys.create, ["name": "demo"])
        let api = world.client.signedIn(as: .key(key.key))
        let verified = try await api.call(Endpoints.keys.verify)
        try expect(verified.userID == me.userID, "the key is the account's")
        tell("\(type.rawValue) \(login), key \(key.key.prefix(14))…", me.userID)
        return (api, me.userID)
    }

    private func hire(_ parties: Parties) async throws -> (GigView, ApplicationView) {
        step("The client posts a gig and publishes it; the freelancer applies and is shortlisted")
        let draft = try await parties.client.call(
            Endpoints.gigs.create,
            [
                "title": "Write a TOML parser", "description": "A small, fast one.", "scope": "Parser and tests",
                "rate_cents": 5_000,
            ],
            idempotencyKey: "demo-gig-\(run)")
        tell("gig \(draft.status.rawValue)", draft.id)
        let gig = try await parties.client.call(
            Endpoints.gigs.update, ["status": "active"], path: ["id": draft.id.description])
        try expect(gig.status == .active, "the gig is active")
        tell("gig \(gig.status.rawValue), \(money(gig.rateCents ?? 0)) an hour", gig.id)
        let application = try await parties.freelancer.call(
            Endpoints.gigs.apply, ["message": "I have written three."], path: ["id": gig.id.description])
        tell("application \(application.status.rawValue)", application.id)
        let shortlisted = try await parties.client.call(
            Endpoints.applications.update, ["status": "shortlisted"],
            path: ["id": gig.id.description, "appId": application.id.description])
        try expect(shortlisted.status == .shortlisted, "the application is shortlisted")
        tell("application \(shortlisted.status.rawValue)", shortlisted.id)
        return (gig, shortlisted)
    }

    private func agree(_ parties: Parties, _ gig: GigView, _ application: ApplicationView) async throws -> ContractView
    {
        step("They negotiate in two rounds, agree, and both approve the contract")
        let opened = try await parties.client.call(
            Endpoints.negotiations.negotiate,
            [
                "gig_id": "\(gig.id)", "worker_user_id": "\(application.workerUserID)", "rate_cents": 5_000,
                "hours_per_week": .integer(Int64(Self.hours)),
                "payout_delay_days": .integer(Int64(Self.payoutDelayDays)),
            ])
        tell(
            "round \(opened.roundNumber): \(money(opened.rateCents ?? 0)) an hour, \(opened.state.rawValue)", opened.id)
        let path = ["id": opened.id.description]
        let second = try await parties.freelancer.call(
            Endpoints.negotiations.round, TermsInput(rateCents: Self.rateCents), path: path)
        try expect(second.roundNumber == 2, "there are two rounds")
        tell(
            "round \(second.roundNumber): \(money(second.rateCents ?? 0)) an hour, \(second.state.rawValue)", second.id)
        let agreed = try await parties.client.call(Endpoints.negotiations.agree, ["round_number": 2], path: path)
        guard let id = agreed.contractID else { throw DemoFailure("agreeing made no contract") }
        tell("agreed: \(agreed.state.rawValue)", id)
        _ = try await parties.client.call(Endpoints.contracts.approve, path: ["id": id.description])
        let approved = try await parties.freelancer.call(Endpoints.contracts.approve, path: ["id": id.description])
        try expect(approved.status == .pendingFreelancerKYC, "the contract waits for the worker's onboarding")
        tell("both approved: \(approved.status.rawValue)", id)
        return try await onboard(parties, approved)
    }

    private func onboard(_ parties: Parties, _ contract: ContractView) async throws -> ContractView {
        step("The freelancer finishes onboarding at the payment provider")
        let path = ["id": contract.id.description]
        let link = try await parties.freelancer.call(Endpoints.contracts.connectLink, path: path)
        tell("one-time link \(link.url)", contract.id)
        try await world.open(link.url)
        let ready = try await world.eventually("the onboarding's arrival") {
            let seen = try await parties.freelancer.call(Endpoints.contracts.get, path: path)
            return seen.status == .pendingClientFunding ? seen : nil
        }
        tell(ready.status.rawValue, ready.id)
        return ready
    }

    private func fund(_ parties: Parties, _ contract: ContractView) async throws -> MilestoneView {
        step("The client funds the milestone; the card is held, not charged")
        guard let milestone = contract.milestones.first else { throw DemoFailure("the contract has no milestone") }
        try expect(milestone.amountCents == Self.rateCents * Int64(Self.hours), "the milestone is rate times hours")
        let path = ["id": contract.id.description, "milestoneId": milestone.id.description]
        let funding = try await parties.client.call(
            Endpoints.contracts.fund, path: path, idempotencyKey: "demo-fund-\(run)")
        guard let intent = funding.paymentIntentID, funding.clientSecret != nil else {
            throw DemoFailure("funding gave no payment to confirm")
        }
        tell("PaymentIntent \(intent) over \(money(milestone.amountCents))", milestone.id)
        try await world.pay(intent)
        let active = try await world.eventually("the contract's activation") {
            let seen = try await parties.client.call(Endpoints.contracts.get, path: ["id": contract.id.description])
            return seen.status == .active ? seen : nil
        }
        guard let funded = active.milestones.first, funded.status == .funded else {
            throw DemoFailure("the milestone is not funded")
        }
        tell("milestone \(funded.status.rawValue), contract \(active.status.rawValue)", active.id)
        return funded
    }

    private func deliverAndRelease(_ parties: Parties, _ contract: ContractView, _ milestone: MilestoneView)
        async throws
    {
        step("The freelancer delivers, the client releases")
        let path = ["id": contract.id.description, "milestoneId": milestone.id.description]
        let delivered = try await parties.freelancer.call(
            Endpoints.contracts.deliver, ["note": "Done, with tests.", "url": "https://example.com/toml"],
            path: path)
        tell("milestone \(delivered.milestones.first?.status.rawValue ?? "?")", milestone.id)
        let released = try await parties.client.call(
            Endpoints.contracts.release, path: path, idempotencyKey: "demo-release-\(run)")
        try expect(released.status == .released, "the milestone is released")
        try expect(released.amountCents == milestone.amountCents, "the whole amount is released")
        try expect(released.platformFeeCents == released.amountCents * 5 / 100, "the fee is 5 %")
        try expect(
            released.platformFeeCents + released.transferCents == released.amountCents, "nothing is created or lost")
        tell(
            "released \(money(released.amountCents)): fee \(money(released.platformFeeCents)), to the freelancer "
                + "\(money(released.transferCents)), payout at \(released.payoutAt?.description ?? "?")", milestone.id)
        let finished = try await parties.client.call(Endpoints.contracts.get, path: ["id": contract.id.description])
        try expect(finished.status == .completed, "the contract is completed")
        tell("contract \(finished.status.rawValue)", finished.id)
    }

    private func payOut(_ parties: Parties, _ milestone: MilestoneView) async throws {
        step("\(Self.payoutDelayDays.counted("day")) later the money leaves for the freelancer's account")
        try await world.advanceClock(seconds: Self.payoutDelayDays * 86_400 + 60)
        let ledger = try await world.eventually("the payout") {
            let ledger = try await world.ledger(of: milestone.id)
            return ledger.state == .paid ? ledger : nil
        }
        for entry in ledger.entries {
            let account = entry.account.padding(toLength: 52, withPad: " ", startingAt: 0)
            print(
                "    \(entry.kind.padding(toLength: 10, withPad: " ", startingAt: 0)) \(account) \(money(entry.amountMinor))"
            )
        }
        let sums = Dictionary(grouping: ledger.entries, by: \.transactionID).mapValues {
            $0.map(\.amountMinor).reduce(0, +)
        }
        try expect(!sums.isEmpty && sums.values.allSatisfy { $0 == 0 }, "every posting sums to zero")
        let transfers = try await world.stripeState()["transfers"]?.array ?? []
        guard let transfer = transfers.first(where: { $0["id"]?.string == ledger.transferID }) else {
            throw DemoFailure("the provider does not know the transfer \(ledger.transferID ?? "nil")")
        }
        let fee = milestone.amountCents * 5 / 100
        try expect(
            transfer["amount"]?.integer == milestone.amountCents - fee, "the provider's transfer is the ledger's")
        tell(
            "transfer of \(money(transfer["amount"]?.integer ?? 0)) to \(transfer["destination"]?.string ?? "?")",
            ledger.transferID ?? "")
    }

    private func showNotices(_ parties: Parties) async throws {
        // Before the clock moves: a message that waits for its turn is not delivered days later.
        step("What the two were told meanwhile")
        let message = try await world.eventually("the Telegram message about the release") {
            try await world.messages(channel: "telegram", to: parties.chat)
                .compactMap { $0["text"]?.string }.first { $0.lowercased().contains("released") }
        }
        print("    Telegram to \(parties.chat): \(message.replacing("\n", with: " / "))")
        let wanted = EventName.milestoneReleased.rawValue
        let events = try await world.eventually("the webhook of the release") {
            let events = try receiver.verifiedEvents()
            return events.contains(wanted) ? events : nil
        }
        print("    webhooks with both signatures right: \(events.joined(separator: ", "))")
    }

    private func step(_ text: String) { print("\n▸ \(text)") }
    private func tell(_ text: String, _ id: some CustomStringConvertible) { print("    \(text)  [\(id)]") }

    private func expect(_ condition: Bool, _ what: String) throws {
        guard condition else { throw DemoFailure("it is not true that \(what)") }
    }

    private func money(_ cents: Int64) -> String {
        let whole = abs(cents) / 100
        let part = abs(cents) % 100
        return "\(cents < 0 ? "-" : "")$\(whole).\(part < 10 ? "0" : "")\(part)"
    }
}
