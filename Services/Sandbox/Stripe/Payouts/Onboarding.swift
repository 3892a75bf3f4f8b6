import Postgres
import ServiceKit
import SharedModels

/// Account links, and the page behind them. Opening a link counts as having told Stripe everything.
struct Onboarding: Sendable {
    /// Stripe's links live for a few minutes.
    private static let lifetime = Duration.minutes(5)

    let store: StripeObjectStore
    let accounts: Accounts
    let database: Database
    let clock: SandboxClock
    /// How browsers reach the sandbox, without a trailing slash.
    let base: String
    let afterCommit: @Sendable () -> Void

    func createLink(to account: String, returnURL: String, refreshURL: String, _ work: StripeWork)
        async throws -> JSONValue
    {
        let expiry = work.now + Self.lifetime
        var link = StripeObject(
            .accountLink,
            [
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("expires_at", JSONValue(unix: expiry)),
            ])
        link.hidden = [
            "account": .string(account), "return_url": .string(returnURL), "refresh_url": .string(refreshURL),
            "expires_at": .string("\(expiry)"),
        ]
        try await store.insert(link, work)
        return [
            "object": "account_link", "created": link["created"], "expires_at": link["expires_at"],
            "url": .string("\(base)/stripe/connect/onboarding/\(link.id)"),
        ]
    }

    func register(on routes: RawRoutes) {
        routes.on(.get, "/stripe/connect/onboarding/{id}", open)
    }

    /// A link works once. After that, or after its five minutes, Stripe sends people on to the refresh URL.
    private func open(_ request: RawRequest) async throws -> Answer {
        let id = request.pathParameters["id"] ?? ""
        let answer = try await database.transaction { tx -> Answer in
            let work = StripeWork(tx: tx, now: clock.now)
            guard var link = try await store.lock(id, .accountLink, in: tx) else {
                return .html(
                    HTMLPage(title: "No such link", body: "<p>This link was never given out.</p>").text,
                    status: 404)
            }
            let isSpent =
                link.hidden["used"] == true
                || link.hidden["expires_at"]?.string.flatMap { Timestamp($0) }.map { $0 <= work.now } ?? true
            guard !isSpent,
                let account = try await accounts.reachable(link.hidden["account"]?.string ?? "", in: tx)
            else {
                return .redirect(link.hidden["refresh_url"]?.string ?? base)
            }
            link.hidden = link.hidden.setting("used", true)
            try await store.save(link, work)
            _ = try await accounts.finishOnboarding(account, work)
            return Self.welcome(account, returnURL: link.hidden["return_url"]?.string ?? base)
        }
        afterCommit()
        return answer
    }

    /// A page instead of a redirect, because the return URL need not exist on a development machine.
    private static func welcome(_ account: StripeObject, returnURL: String) -> Answer {
        let back = Markup.escape(returnURL)
        return .html(
            HTMLPage(
                title: "Onboarding finished",
                body: """
                    <p>The account <code>\(Markup.escape(account.id))</code> can receive money now.</p>
                    <p><a href="\(back)">Back to where you came from</a></p>
                    """
            ).text)
    }
}
