import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

@Suite struct SubscriptionTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))
    private let url = "https://example.org/hook"

    @Test func `a webhook is for the twelve events unless some are named, and lists show it newest first`()
        async throws
    {
        try await World.use { world in
            let first = try await world.register(WebhookInput(url: url), by: owner).webhook
            world.clock.advance(by: .seconds(1))
            let second = try await world.register(
                WebhookInput(url: url, events: [.disputeCreated, .gigCreated, .gigCreated], retryPolicy: .durable),
                by: owner
            ).webhook
            #expect(first.events == EventName.standard && !first.events.contains(.keyExpiring))
            #expect(second.events == [.gigCreated, .disputeCreated])
            let page = try await world.webhooks.page(of: owner, after: nil, limit: 1)
            #expect(page.items.map(\.id) == [second.id])
            let rest = try await world.webhooks.page(
                of: owner, after: page.nextCursor.flatMap { PageCursor($0) }, limit: 1)
            #expect(rest.items.map(\.id) == [first.id])
            #expect(rest.nextCursor == nil)
        }
    }

    @Test func `a retry policy that nobody knows is refused where it is written, and where it is read`() async throws {
        try await World.use { world in
            let webhook = try await world.register(WebhookInput(url: url), by: owner).webhook
            let write: SQL = "UPDATE webhooks SET retry_policy = 'sometimes' WHERE id = \(webhook.id)"
            await #expect {
                try await world.database.execute(write)
            } throws: {
                ($0 as? PostgresError)?.sqlState == .checkViolation
            }
            try await world.database.execute("ALTER TABLE webhooks DROP CONSTRAINT webhooks_retry_policy_check")
            try await world.database.execute(write)
            await #expect {
                _ = try await world.webhooks.find(webhook.id, by: owner)
            } throws: {
                if case PostgresError.decoding(column: "retry_policy", _) = $0 { true } else { false }
            }
        }
    }

    @Test func `parallel registrations do not pass the limit`() async throws {
        try await World.use { world in
            let made = Shared(0)
            await withTaskGroup { group in
                for _ in 0..<30 {
                    group.addTask {
                        // Those beyond the limit are refused.
                        guard (try? await world.register(WebhookInput(url: url), by: owner)) != nil else {
                            return
                        }
                        made.change { $0 += 1 }
                    }
                }
            }
            #expect(made.value == WebhookWorkflow.limit)
        }
    }

    @Test func `nobody else can remove it`() async throws {
        try await World.use { world in
            let webhook = try await world.register(WebhookInput(url: url), by: owner).webhook
            await #expect(throws: WebhookError.notFound) {
                try await world.webhooks.delete(webhook.id, by: .make(at: world.clock.now)) { _ in }
            }
        }
    }

    @Test(arguments: [
        "http://10.0.0.1/", "http://localhost:81/", "https://user:pw@example.org/", "ftp://example.org/",
        "http://[::1]/",
    ])
    func `a URL that leads into a private network is refused at registration`(url: String) async throws {
        try await World.use { world in
            let workflow = WebhookWorkflow(
                database: world.database, egress: EgressGuard(), vault: world.webhooks.vault,
                clearing: world.webhooks.clearing)
            let error = await #expect(throws: WebhookError.self) {
                _ = try await workflow.create(WebhookDraft(WebhookInput(url: url)), by: owner, at: world.clock.now)
            }
            #expect(error?.code == .validationFailed)
            #expect(error?.issues.map(\.path) == ["url"])
        }
    }
}
