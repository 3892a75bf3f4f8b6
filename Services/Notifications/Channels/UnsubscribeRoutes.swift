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
        return call.show(
            PlainPage(
                "Unsubscribe",
                """
                <p>Do you want no more of these messages?</p>
                <form method="post"><button>Unsubscribe</button></form>
                """, forms: .us()))
    }

    private func unsubscribe(_: RawInput, _ call: Call) async throws -> TextOutput {
        let (channel, token) = try link(call)
        try await workflow.unsubscribe(channel, token: token, at: call.now)
        return call.show(PlainPage("Unsubscribed", "<p>You get no more of these messages.</p>", forms: .none))
    }

    private func link(_ call: Call) throws -> (ChannelID, String) {
        guard let channel = try call.query(UnsubscribeEndpoints.channel),
            let token = try call.query(UnsubscribeEndpoints.token)
        else { throw ChannelError.badLink }
        return (channel, token)
    }
}
