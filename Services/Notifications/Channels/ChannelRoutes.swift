import ServiceKit
import SharedModels

/// `/api/notifications`.
struct ChannelRoutes: Sendable {
    let workflow: ChannelWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.notifications.createChannel, create)
        routes.handle(Endpoints.notifications.listChannels, list)
        routes.handle(Endpoints.notifications.deleteChannel, delete)
    }

    private func create(_ input: ChannelInput, _ call: Call) async throws -> ChannelView {
        let channel = try await workflow.create(input, by: call.caller.accountID)
        call.tag(version: channel.version)
        return channel.view
    }

    private func list(_: NoInput, _ call: Call) async throws -> ChannelList {
        try await workflow.list(of: call.caller.accountID, limit: call.query(.limit), after: call.query(.cursor))
    }

    private func delete(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.delete(call.path("id"), by: call.caller.accountID, check: call.check(version:))
        return NoOutput()
    }
}
