/// What an operation does beyond its summary: who may call it, and what to know before.
enum OperationDescription {
    static func text(of operation: Operation) -> String {
        [main(of: operation), details[operation.id], callers(of: operation), credentials(of: operation)]
            .compactMap(\.self).joined(separator: " ")
    }

    private static func main(of operation: Operation) -> String? {
        operation.main.map { "The same as `\($0.method.rawValue) \($0.path)`, for programs that know this path." }
    }

    /// Who may call it.
    private static func callers(of operation: Operation) -> String {
        switch operation.access {
        // As a scheme it would have libraries for Ruby send an empty name and secret with every call.
        case .anyone where operation.takesClient:
            "A client shows its id and secret, in the form or by `Authorization: Basic`; one without a secret its id."
        case .anyone: "Anybody may call it; no credential is asked for."
        case .service: "Only our services may call it."
        case .operator: "Only the operator's `guildhallctl` may call it."
        case .account(let rule):
            if rule.isForAdmins {
                "For admins."
            } else if let type = rule.userType {
                type == .client ? "For clients." : "For freelancers."
            } else {
                "For everybody who is signed in" + (rule.opensByLink ? ", or has the signed link." : ".")
            }
        }
    }

    /// Which credential it takes, and what that must be allowed.
    private static func credentials(of operation: Operation) -> String? {
        guard case .account(let rule) = operation.access else { return nil }
        if !rule.credentials.contains(.apiKey) { return "Takes a session or an access token, and no key." }
        if rule.credentials == [.apiKey] { return "Takes an API key, and no session." }
        return rule.scope.map { "A key with limited scopes needs `\($0.rawValue)`." }
    }

    /// By the operation's name.
    private static let details: [String: String] = [
        "gigs.list": """
        Active gigs of everybody, newest first; `owner=me` or another `status` shows your own, `waiting_for=me` those of them \
        that you have to do something about, each with how many have applied. With `q` it searches.
        """,
        "gigs.create": "A draft, unless `status` is `active`. Drafts are seen by their owner alone.",
        "gigs.update": "`status` publishes a draft, closes an active gig and opens it again.",
        "gigs.delete": "A 409 while a negotiation or a contract about it is not over; close it instead.",
        "gigs.apply": "Once for each gig; after a withdrawal again. The owner is told by `gig.application.created`.",
        "applications.update":
            "The freelancer is told by `gig.application.updated`. Only a shortlisted one can be negotiated with.",
        "applications.mine":
            "How an agent without a public address learns that it was chosen: `status`, later `negotiation_id`.",
        "applications.list": "Each with the freelancer's public profile.",
        "negotiations.negotiate":
            "Opens a negotiation with the first terms. The gig's owner opens it, with a shortlisted freelancer.",
        "negotiations.round":
            "Other terms than those that stand. A term that is left out stays. A fourth round ends the negotiation.",
        "negotiations.agree": "Agrees to the other party's latest round, and makes the contract.",
        "negotiations.decline": "Ends the negotiation for both.",
        "negotiations.get": "With `audit=1` its whole history.",
        "negotiations.list":
            "As client and as worker, newest first. `waiting_for=me` leaves those whose turn is yours.",
        "contracts.list": """
        As client and as worker, newest first. `waiting_for=me` leaves those that cannot go on without you, however old they \
        are: ask it every few minutes, and act by their `next_actions`.
        """,
        "contracts.approve": """
        Each party approves once. After the second approval the contract has seven days to become active: the worker \
        finishes the onboarding, the client funds the first milestone.
        """,
        "contracts.revise": "Takes both approvals back, so that the parties can negotiate again.",
        "contracts.connectLink": "A link for a person to open once, at which the worker says where payouts go.",
        "contracts.fund": """
        Holds the milestone's amount on the client's card; nothing is charged yet. `client_secret` confirms it with \
        Stripe's libraries. At the sandbox, `POST /stripe/v1/payment_intents/{id}/confirm` with a test card does.
        """,
        "contracts.deliver":
            "From then on the client has 14 days to release or to dispute; after that it is released by itself.",
        "contracts.release": """
        Captures the money: the fee is the platform's, the rest leaves for the worker `payout_delay_days` later. \
        `releasing` with 202 finishes by itself.
        """,
        "contracts.addMilestone": "50 cents or more, or 0 for work that is not paid.",
        "contracts.withdrawMilestone": "Before it is funded.",
        "contracts.end":
            "Ends an active contract when both parties have said so. Money that is held goes back to the client.",
        "contracts.ledger": "Every posting of the contract's money, for its parties.",
        "disputes.create":
            "Freezes the milestone's money until an admin decides. The other party has 24 hours to respond.",
        "disputes.respond": "Once, by the other party, within 24 hours.",
        "disputes.recommend": "Advice for admins and parties; it moves nothing. Counts against a hosted agent's month.",
        "admin.disputes.resolve": "Decides a dispute; the money moves as decided.",
        "reviews.create":
            "Once per party of a completed contract. A review shows when both are written, or 14 days are over.",
        "keys.create": "The key's text is in this answer and never again. An account has at most 100 keys that work.",
        "keys.rotate": "Replaces the key that calls. The old one works on for `overlap_seconds`.",
        "keys.rotate.named": """
        The new key has the name, agent, scopes and lifetime of the old one, which works on for `overlap_seconds`. A session \
        replaces every key of the account; a key with `keys:write` those that may do no more than it may itself, and an \
        agent's key those of that agent.
        """,
        "keys.requests":
            "Up to 500 requests of the last seven days, a few seconds after they were made; of a key that makes many at "
            + "once a part of them. Requests beyond the limits are not among them.",
        "keys.verify": "Tells a program whose key it has.",
        "webhooks.create": "An `https` address that is not private. Without `events`, the twelve standard ones.",
        "webhooks.replay": "Those that have failed, unless `state` says otherwise.",
        "events.list":
            "Oldest first, from `after` on: for programs without a public address. Events are kept for 30 days.",
        "events.stream":
            "Server-sent events, each as a webhook receives it. `Last-Event-ID` goes on where it broke off.",
        "notifications.create": "A code is sent there. Until it is repeated at `/confirm`, nothing else is.",
        "credits.deduct": "The same reference and reason are charged once.",
        "auth.login": "Also sets the cookie `refreshToken`, which renews the access token for 7 days.",
        "auth.google": "Also sets the cookie `refreshToken`, which renews the access token for 7 days.",
        "auth.refresh": "Reads the cookie `refreshToken` and replaces it. Each one works once.",
        "auth.logout": "Ends the cookie `refreshToken` and what it renews.",
        "earnings.get": """
        Exact sums of the ledger, also after refunds, disputes and returns: over all months `earned_cents` and \
        `refunded_cents` less `paid_out_cents` are `balance_cents`. At most 120 months; each is there, also without a \
        movement. A month is that in which the money moved, in UTC.
        """,
        "account.delete": "For good. A 409 while money is held, owed or disputed.",
        "client.jobs.pay": "Answers the address of Stripe's page on which the client pays the whole price into escrow.",
        "admin.escrow.release": "The money goes to the freelancer's wallet, less the platform's 10 %.",
        "admin.escrow.refund": "The money is divided between both wallets, as the contract's progress says.",
        "admin.escrow.payWallet":
            "The money itself is paid from your bank. A repeat under the same reference changes nothing.",
        "skillsync.matches.own": "Sorted by score. A match expires when nobody acts on it.",
        "skillsync.matches.act": "`accept` opens a conversation.",
    ]
}

extension Operation {
    /// Whether an OAuth client shows who it is.
    fileprivate var takesClient: Bool { form.contains { $0.isNamed("client_secret") } }
}
