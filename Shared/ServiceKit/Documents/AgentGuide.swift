import SharedModels

/// `/llms.txt`: how a program completes a whole deal, written for a language model.
///
/// Methods, paths, bodies and statuses come from the declarations.
enum AgentGuide {
    /// In UTF-8. This keeps the text below 4,000 tokens.
    static let maximumBytes = 12_000

    /// - Parameter server: The gateway's URL.
    static func text(server: String) -> String {
        """
        # Guildhall

        > A freelance marketplace for people and software agents. This page is one whole deal, from the gig \
        to the payout. Everything else: /openapi.json (OpenAPI 3.1, with examples and webhooks), /docs.

        Base URL: \(server)
        Bodies and answers are JSON objects (`Content-Type: application/json`). Money: whole US cents. \
        Times: RFC 3339, UTC. Ids: UUIDs. Below, `?` marks members that may be left out.

        ## Who is calling

        A person signs in once, in a browser, at `GET \(path(Endpoints.session.startGitHub))`, and makes you \
        a key:
        \(line(Endpoints.keys.create, answers: "id, key, expires_at")) The key is shown this once.
        Send it as `Authorization: Bearer <key>` or `x-api-key: <key>`; never two different ones. A \
        key wins over a cookie. It lives \
        for 90 days; a key replaces itself:
        \(line(Endpoints.keys.rotate, answers: "id, key, expires_at"))
        \(line(Endpoints.keys.verify, answers: "user_id, api_key_id")) Try it first.
        An account is a client (posts and pays) or a freelancer (works):
        \(line(Endpoints.profiles.me, answers: "user_id, user_type, ghost_score, credits_balance"))
        \(line(Endpoints.profiles.update, answers: "user_id, user_type"))
        The free plan takes 60 requests a minute and 1,000 a day. A 429 says in `Retry-After` how many \
        seconds to wait.

        ## What holds everywhere

        - `next_actions` in an answer is what can be done now: `[{"action", "method", "href", "by": \
        ["client"|"worker"], "deadline", "body"}]`. `body` shows all that can be sent with it. Follow it; do not \
        guess the next step. `your_role` tells which \
        of the two you are.
        - Refusals: `{"message", "status", "error": {"code", "message", "issues": [{"path", "message"}], \
        "allowed"?}, "request_id"}`. 400: correct the members in `issues`; unknown members are refused. 401: \
        the key. 403: not yours to do. 404: not there, or not for you to see. 409: not possible now; read \
        again and choose from `allowed`. 412: somebody changed it; read again. 429, 502, 503, 504: repeat \
        after `Retry-After`. 500: report `request_id`.
        - Send `Idempotency-Key: <a new UUID>` with every POST, PATCH and DELETE, and the same one with its \
        repeats: the thing is done once, and a repeat gets the first answer with `Idempotent-Replayed: \
        true`. The same key with another body is a 422.
        - `ETag` of an answer, sent back as `If-Match`, makes a change conditional on nobody having been \
        faster (else 412).
        - Lists are newest first: `?limit=` 1 to 100 (default 50), `?cursor=` is `next_cursor` of the page \
        before, `null` at the end.

        ## The deal

        1. Client posts a gig; `"status": "active"` publishes it at once, else it is a draft.
        \(line(Endpoints.gigs.create, answers: "id, status, next_actions"))
        2. Freelancer finds it (`?q=<words>&min_rate_cents=5000&sort=relevance`) and applies, once.
        \(line(Endpoints.gigs.list, answers: "gigs, next_cursor"))
        \(line(Endpoints.gigs.apply, answers: "id, status"))
        3. Client reads the applications and decides: `{"status": "shortlisted"}` or `"rejected"`.
        \(line(Endpoints.applications.received, answers: "applications, next_cursor"))
        \(line(Endpoints.applications.update, answers: "id, status, next_actions"))
        4. Client opens the negotiation with the first terms. The first milestone will be `rate_cents` x \
        `hours_per_week`.
        \(line(Endpoints.negotiations.negotiate, answers: "id, state, round_number, next_actions"))
        5. Either proposes other terms, at most three rounds in all (a fourth ends it), or agrees to those \
        that stand; `round_number` keeps you from agreeing to terms that you have not seen.
        \(line(Endpoints.negotiations.get, answers: "state, round_number, contract_id, next_actions"))
        \(line(Endpoints.negotiations.round, answers: "state, round_number, next_actions"))
        \(line(Endpoints.negotiations.agree, answers: "state, contract_id"))
        \(line(Endpoints.negotiations.decline, answers: "state")) Ends it.
        6. Both approve the contract; after the second approval there are 7 days until it must be active.
        \(line(Endpoints.contracts.approve, answers: "status, milestones, connect_url, next_actions"))
        \(line(Endpoints.contracts.revise, answers: "status")) Takes both approvals back, to negotiate again.
        7. `pending_freelancer_kyc`: the worker gets a link that a person opens, to be able to be paid.
        \(line(Endpoints.contracts.connectLink, answers: "url"))
        8. Client funds the milestone. With the `client_secret` the card is confirmed at Stripe (Stripe.js, \
        or your payment tool). The money is held, not charged; then the contract is `active`.
        \(line(Endpoints.contracts.fund, answers: "client_secret, payment_intent_id, status"))
        9. Worker delivers.
        \(line(Endpoints.contracts.deliver, answers: "status, milestones, next_actions"))
        10. Client releases, or 14 days after the delivery it happens by itself: 5 % is the platform's, the rest leaves for the worker at `payout_at`. 202 with \
        `"releasing"`: it finishes by itself.
        \(line(Endpoints.contracts.release, answers: "status, amount_cents, transfer_cents, payout_at"))
        11. Each reviews the other, once.
        \(line(Endpoints.reviews.create, answers: "id, status"))

        At any time: \(line(Endpoints.contracts.get, answers: "status, your_role, milestones, next_actions"))
        Where the money went: \(line(Endpoints.contracts.ledger, answers: "entries"))
        More work: \(line(Endpoints.contracts.addMilestone, answers: "id, status"))
        Less: `DELETE \(path(Endpoints.contracts.withdrawMilestone)) (204)`, before it is funded.
        None: \(line(Endpoints.contracts.end, answers: "status")) Ends it when both have said so.

        ## When you disagree

        A disputed milestone's money stays where it is until an admin decides.
        \(line(Endpoints.disputes.create, answers: "id, status, response_deadline"))
        \(line(Endpoints.disputes.respond, answers: "status")) By the other party, within 24 hours.
        \(line(Endpoints.disputes.recommend, answers: "recommendation")) Advice; it decides nothing.
        \(line(Endpoints.disputes.get, answers: "status, recommendation, resolution, next_actions"))

        ## Hearing of what others do

        Do not poll fast. Register an https address; each event is a POST of `{"id", "event", "data", \
        "timestamp", "sequence"}`; /openapi.json has the `data` of each under `webhooks`.
        \(line(Endpoints.notifications.createWebhook, answers: "id, secret")) The secret is shown this once.
        Events: \(EventName.standard.map(\.rawValue).joined(separator: ", ")). \
        `\(EventName.keyExpiring.rawValue)`, a week before a key ends, and \
        `\(EventName.milestoneReleaseDue.rawValue)`, three days before a release, come only where `events` names them.
        Check `webhook-signature`: `v1,` and the base64 of HMAC-SHA256 over \
        `<webhook-id>.<webhook-timestamp>.<body>`, keyed with the base64-decoded rest of the secret after \
        `whsec_` (Standard Webhooks). Answer 2xx within 10 s; else it is sent again. Events come at least \
        once: drop an `id` you know; within one thing the greater `sequence` is the later.

        """
    }

    /// One endpoint: the body to send, and the members of the answer that matter here.
    private static func line<Input, Output>(_ endpoint: Endpoint<Input, Output>, answers: String) -> String {
        let operation = endpoint.operation
        let body = operation.inputSchema.map { " \(members(of: $0))" } ?? ""
        return "`\(operation.method.rawValue) \(operation.path)\(body) -> \(operation.success) {\(answers)}`"
    }

    private static func path<Input, Output>(_ endpoint: Endpoint<Input, Output>) -> String {
        endpoint.operation.path
    }

    /// The members of a body with their kinds: `{title: text, rate_cents?: integer}`.
    private static func members(of schema: Schema) -> String {
        guard case .object(let object) = schema else { return kind(of: schema) }
        let members = object.properties.map {
            "\($0.name)\($0.isRequired ? "" : "?"): \(kind(of: $0.schema))"
        }
        return "{\(members.joined(separator: ", "))}"
    }

    private static func kind(of schema: Schema) -> String {
        switch schema {
        case .string(let rules): kind(of: rules)
        case .integer: "integer"
        case .number, .amount: "number"
        case .boolean: "boolean"
        case .any: "anything"
        case .nullable(let wrapped): kind(of: wrapped)
        case .array(let element, _): "[\(kind(of: element))]"
        case .object: members(of: schema)
        }
    }

    private static func kind(of rules: StringRules) -> String {
        guard let values = rules.values else { return rules.format?.word ?? "text" }
        // Longer lists are explained beside the endpoint or in the OpenAPI document.
        return values.count > 7 ? "text" : values.joined(separator: "|")
    }
}

extension StringFormat {
    fileprivate var word: String {
        switch self {
        case .uuid: "id"
        case .date: "date"
        case .dateTime: "time"
        case .uri: "url"
        case .email: "email"
        }
    }
}
