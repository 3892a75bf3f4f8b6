import ServiceKit
import SharedModels

/// `/api/notifications`.
struct ChannelRoutes: Sendable {
    let workflow: ChannelWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.notifications.createChannel, create)
        routes.handle(Endpoints.notifications.listChannels, list)
        routes.handle(Endpoints.notifications.confirmChannel, confirm)
        routes.handle(Endpoints.notifications.sendChannelCode, sendCode)
        routes.handle(Endpoints.notifications.deleteChannel, delete)
    }

    private func create(_ input: ChannelInput, _ call: Call) async throws -> ChannelView {
        let channel = try await workflow.create(
            input, by: call.caller.accountID, isAdmin: call.caller.isAdmin, at: call.now)
        call.tag(version: channel.version)
        return channel.view
    }

    private func list(_: NoInput, _ call: Call) async throws -> ChannelList {
        let page = try await workflow.page(
            of: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        return ChannelList(notifications: page.items.map(\.view), nextCursor: page.nextCursor)
    }

    private func confirm(_ input: ChannelCodeInput, _ call: Call) async throws -> ChannelView {
        let channel = try await workflow.confirm(
            call.path("id"), by: input.code, of: call.caller.accountID, at: call.now)
        call.tag(version: channel.version)
        return channel.view
    }

    private func sendCode(_: NoInput, _ call: Call) async throws -> ChannelView {
        let channel = try await workflow.sendCode(call.path("id"), by: call.caller.accountID, at: call.now)
        call.tag(version: channel.version)
        return channel.view
    }

    private func delete(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.delete(call.path("id"), by: call.caller.accountID, expecting: call.check(version:))
        return NoOutput()
    }
}

extension Channel {
    fileprivate var view: ChannelView {
        ChannelView(
            id: id, channelType: target.type, config: target.config, enabledEvents: enabledEvents,
            confirmedAt: confirmedAt, disabledAt: disabledAt, createdAt: createdAt)
    }
}
