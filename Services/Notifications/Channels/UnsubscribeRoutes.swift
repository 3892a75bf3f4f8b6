import ServiceKit
import SharedModels

/// `/api/notifications/unsubscribe`. The page only asks, because programs open links to look at them.
struct UnsubscribeRoutes: Sendable {
    let workflow: ChannelWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.unsubscribing.page, ask)
        routes.handle(Endpoints.unsubscribing.unsubscribe, unsubscribe)
    }

    private func ask(_: NoInput, _ call: Call) async throws -> TextOutput {
        let (channel, token) = try link(call)
        try workflow.check(token, for: channel)
        return page(
            "Unsubscribe", "Do you want no more of these messages?",
            form: "<form method=\"post\"><button>Unsubscribe</button></form>", call)
    }

    private func unsubscribe(_: RawInput, _ call: Call) async throws -> TextOutput {
        let (channel, token) = try link(call)
        try await workflow.unsubscribe(channel, token: token, at: call.now)
        return page("Unsubscribed", "You get no more of these messages.", call)
    }

    private func link(_ call: Call) throws -> (ChannelID, String) {
        guard let channel = try call.query(UnsubscribeEndpoints.channel),
            let token = try call.query(UnsubscribeEndpoints.token)
        else { throw ChannelError.badLink }
        return (channel, token)
    }

    /// A page that runs no scripts and loads nothing.
    private func page(_ title: String, _ text: String, form: String = "", _ call: Call) -> TextOutput {
        call.setHeader(
            "Content-Security-Policy",
            "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
        call.setHeader("Referrer-Policy", "no-referrer")
        return TextOutput(
            "text/html; charset=utf-8",
            """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(title)</title>
            <h1>\(title)</h1>
            <p>\(text)</p>
            \(form)
            </html>
            """)
    }
}
