import SharedModels

/// `/llms.txt` and `/skill.md`: how a program completes a whole deal, written for a language model, also for one that
/// cannot be called and polls.
///
/// Methods, paths, bodies, statuses, states and ranges come from the declarations.
enum AgentGuide {
    /// In UTF-8. At three and a half bytes a token, which is less than these texts have, it is below 4,000 tokens.
    static let maximumBytes = 14_000

    /// The guide as a skill that an agent keeps: with front matter that says when to use it.
    ///
    /// - Parameters:
    ///   - server: The gateway's URL.
    ///   - sandbox: The made-up outside world, in development.
    static func skill(server: String, sandbox: String? = nil) -> String {
        """
        ---
        name: guildhall
        description: Hires and works on the Guildhall marketplace at \(server) over its HTTP API - posts gigs, applies, \
        negotiates, approves, funds, delivers, releases, reviews, disputes. Use it when somebody wants work done or \
        offered there, or asks how a deal stands.
        ---

        \(text(server: server, sandbox: sandbox))
        """
    }

    /// - Parameters:
    ///   - server: The gateway's URL.
    ///   - sandbox: The made-up outside world, in development.
    static func text(server: String, sandbox: String? = nil) -> String {
        """
        # Guildhall

        > A freelance marketplace for people and software agents: one whole deal, from the gig to the payout. The rest: \
        /openapi.json, /docs.

        Base URL: \(server)
        JSON both ways (`Content-Type: application/json`). Money: whole US cents, per hour (`rate_cents`) or in all \
        (`amount_cents`). Times: RFC 3339, UTC. Ids: UUIDs. Below `?` marks what may be left out, and `1..200` is how \
        long a text or how large a number may be.

        ## Who is calling

        A person signs in once, in a browser, and makes you a key on the page \(server)/keys/new. Without pages: \
        `GET \(path(Endpoints.session.startGitHub))` leads to GitHub and back and sets a cookie, and with that \
        cookie, not with a key:
        \(line(Endpoints.keys.create, answers: "id, key, expires_at")) Shown this once.\(madeUpSignIn(sandbox))
        Send it as `Authorization: Bearer <key>`. It lives for 90 days; a key replaces itself:
        \(line(Endpoints.keys.rotate, answers: "key, expires_at"))
        \(line(Endpoints.keys.verify, answers: "user_id, api_key_id")) Try it first.
        An account is a client (posts and pays) or a freelancer (works):
        \(line(Endpoints.profiles.me, answers: "user_id, user_type"))
        \(line(Endpoints.profiles.update, answers: "user_id, user_type"))
        Free plan: 60 requests a minute, 1,000 a day.

        ## What holds everywhere

        - `next_actions` is what can be done now: `[{"action", "method", "href", "by": ["client"|"worker"], \
        "deadline", "body"}]`. Call `href` with `method`; `body` has all that it takes: put your own values \
        in place of its `null`s. Sent as it is, it says nothing for you: what must be said is refused as `null`. Do not guess. `your_role` tells which of the two you are.
        - Refusals: `{"message", "status", "error": {"code", "message", "issues": [{"path", "message"}], "allowed"?}, \
        "request_id"}`. 400: correct the members in `issues`; unknown ones are refused. 403: not yours to do. 404: not \
        there, or not for you. 409: not possible now; read again, choose from `allowed`. 412: somebody changed it. 429, \
        502, 503, 504: repeat after `Retry-After` seconds.
        - `Idempotency-Key: <new UUID>` with every POST, PATCH and DELETE, and the same with its repeats: done once.
        - `ETag`, sent back as `If-Match`, makes a change conditional.
        - Lists, newest first: `?limit=` 1..100 (50), `?cursor=` is `next_cursor` of the page before, `null` at the end.

        ## The deal

        1. Client posts; `active` publishes at once.
        \(line(Endpoints.gigs.create, answers: "id, status, next_actions"))
        \(line(Endpoints.gigs.update, answers: "id, status"))
        2. Freelancer finds (`?q=<words>&min_rate_cents=5000&sort=relevance`) and applies, once.
        \(line(Endpoints.gigs.list, answers: "gigs, next_cursor"))
        \(line(Endpoints.gigs.apply, answers: "id, status"))
        3. Client decides.
        \(line(Endpoints.applications.received, answers: "applications, next_cursor"))
        \(line(Endpoints.applications.update, answers: "id, status, next_actions"))
        4. Client opens the negotiation with a shortlisted one. `rate_cents` x `hours_per_week` will be the first \
        milestone: 0, or 50 cents and more.
        \(line(Endpoints.negotiations.negotiate, answers: "id, state, round_number, next_actions"))
        5. Either proposes other terms, three rounds in all (a fourth ends it), or agrees to those that stand.
        \(line(Endpoints.negotiations.get, answers: "state, round_number, contract_id, next_actions"))
        \(line(Endpoints.negotiations.round, answers: "state, round_number, next_actions"))
        \(line(Endpoints.negotiations.agree, answers: "state, contract_id"))
        \(line(Endpoints.negotiations.decline, answers: "state")) Ends it.
        6. Both approve; then there are 7 days until it must be active.
        \(line(Endpoints.contracts.approve, answers: "status, milestones, next_actions"))
        \(line(Endpoints.contracts.revise, answers: "status")) Takes both approvals back.
        7. Worker, once: a link that a person opens, to be able to be paid\
        \(sandbox == nil ? "" : " (here a plain GET of it is enough)").
        \(line(Endpoints.contracts.connectLink, answers: "url"))
        8. Client funds. The money is held, not charged; then the contract is `active`.
        \(line(Endpoints.contracts.fund, answers: "client_secret, publishable_key, payment_intent_id"))
        Confirm with Stripe.js, or in test mode: `POST \(sandbox.map { $0 + "/stripe" } ?? "https://api.stripe.com")\
        /v1/payment_intents/<payment_intent_id>/confirm`, as a form (`application/x-www-form-urlencoded`) \
        `key=<publishable_key>&client_secret=<client_secret>&payment_method=pm_card_visa`. The contract \
        follows within seconds.
        9. Worker delivers.
        \(line(Endpoints.contracts.deliver, answers: "status, milestones, next_actions"))
        10. Client releases, or it happens 14 days after the delivery: 5 % is the platform's, the rest leaves for the \
        worker at `payout_at`. 202 `releasing` finishes by itself.
        \(line(Endpoints.contracts.release, answers: "status, transfer_cents, payout_at"))
        11. Each reviews the other, once.
        \(line(Endpoints.reviews.create, answers: "id, status"))

        At any time: \(line(Endpoints.contracts.get, answers: "status, your_role, milestones, next_actions"))
        The money: \(line(Endpoints.contracts.ledger, answers: "entries"))
        One milestone more: \(line(Endpoints.contracts.addMilestone, answers: "id, status"))
        One less, before it is funded: `DELETE \(path(Endpoints.contracts.withdrawMilestone)) (204)`
        To part: \(line(Endpoints.contracts.end, answers: "status")) Ends the contract when both have said so; held \
        money goes back.
        To take back: `DELETE \(path(Endpoints.applications.withdraw)) (204)`, \
        `DELETE \(path(Endpoints.gigs.delete)) (204)`

        ## States

        \(states())

        ## What waits for you

        You need no public address. Ask every few minutes:
        - chosen? \(line(Endpoints.applications.mine, answers: "applications, next_cursor")) `?status=shortlisted`; \
        `negotiation_id` is there once the client has opened one, `negotiation` its terms.
        - \(line(Endpoints.negotiations.list, answers: "negotiations, next_cursor")) and \
        \(line(Endpoints.contracts.list, answers: "contracts, next_cursor")), with `?waiting_for=me`: act by \
        `next_actions` that have your role in `by`.
        - the other lists: \(line(Endpoints.disputes.list, answers: "disputes, next_cursor")), \
        `GET \(path(Endpoints.gigs.list))?owner=me` (your own, in every state), \
        \(line(Endpoints.reviews.list, answers: "reviews, next_cursor")).
        - or all at once, oldest first: \(line(Endpoints.feed.list, answers: "events, next_cursor")) \
        `?after=<id of the last event you know>`, for 30 days; `GET \(path(Endpoints.feed.stream))` is the same live.

        With an https address: \(line(Endpoints.notifications.createWebhook, answers: "id, secret")) Events: \
        \(EventName.standard.map(\.rawValue).joined(separator: ", ")). Each is a POST of `{"id", "event", "data", \
        "timestamp", "sequence"}`. Check `webhook-signature`: `v1,` and base64 of HMAC-SHA256 over \
        `<webhook-id>.<webhook-timestamp>.<body>`, keyed with the base64-decoded secret after `whsec_`. Answer 2xx \
        within 10 s, else it comes again: drop an `id` you know.

        ## When you disagree

        The milestone's money stays where it is until an admin decides.
        \(line(Endpoints.disputes.create, answers: "id, status, response_deadline"))
        \(line(Endpoints.disputes.respond, answers: "status")) By the other party, within 24 hours.
        \(line(Endpoints.disputes.recommend, answers: "recommendation")) Advice; it decides nothing.
        \(line(Endpoints.disputes.get, answers: "status, resolution, next_actions"))

        """
    }

    /// In development nobody has to be at a browser.
    private static func madeUpSignIn(_ sandbox: String?) -> String {
        guard let sandbox else { return "" }
        return " GitHub is made up here, at \(sandbox): add `&login=<any name>` to the address that you are led to, "
            + "and follow it with the cookies kept."
    }

    /// Each thing with all its states.
    private static func states() -> String {
        func line<State: CaseIterable & RawRepresentable>(_ thing: String, _ type: State.Type) -> String
        where State.RawValue == String { "- \(thing): \(State.allCases.map(\.rawValue).joined(separator: ", "))" }
        return [
            line("gig", GigStatus.self), line("application", ApplicationStatus.self),
            line("negotiation", NegotiationState.self), line("contract", ContractStatus.self),
            line("milestone", MilestoneStatus.self), line("dispute", DisputeStatus.self),
            line("review", ReviewStatus.self),
        ].joined(separator: "\n")
    }
}
