import Foundation
import SharedModels

/// What an endpoint's declaration does not say: whose thing it is tried on.
struct GuardRow: Sendable {
    enum Owner: Sendable {
        /// No credential is checked: everybody gets this status.
        case nobody(Int)
        /// The caller's own, for every caller.
        case caller
        /// Every account may.
        case everybody
        /// The client's only. For others it does not exist.
        case client
        /// The client's, and visible to all. Others may not change it.
        case publisher
        /// That of the party whom the path names. Others may not change it.
        case named(PartyRole)
        /// Part of a deal, for these parties of it. For strangers it does not exist.
        case parties([PartyRole])
        /// Shown to accounts of the Enterprise plan.
        case enterprise
        /// For admins.
        case admins
    }

    struct Target: Sendable {
        var ids: [String: String] = [:]
        /// An example of what the endpoint takes when `nil`.
        var body: JSONValue?
    }

    let owner: Owner
    let target: @Sendable (GuardedWorld) -> Target

    /// - Parameter ids: The path's parameters.
    private static func row(
        _ owner: Owner, _ ids: @escaping @Sendable (GuardedWorld) -> [String: String],
        body: (@Sendable (GuardedWorld) -> JSONValue)? = nil
    ) -> Self {
        Self(owner: owner) { world in Target(ids: ids(world), body: body.map { $0(world) }) }
    }

    private static func nobodys(_ status: Int) -> Self { row(.nobody(status), { _ in [:] }) }
    private static let own = row(.caller, { _ in [:] })
    private static func parties(
        _ roles: PartyRole..., of ids: @escaping @Sendable (GuardedWorld) -> [String: String]
    ) -> Self {
        row(.parties(roles), ids)
    }

    // MARK: - The table

    /// By the operation's id. A test fails when a published operation has no row.
    static let all: [String: GuardRow] = [
        "health": nobodys(200), "openapi": nobodys(200), "docs": nobodys(200), "llms": nobodys(200),
        "skill": nobodys(200),
        "session.page": nobodys(200), "session.password": nobodys(400), "session.github": nobodys(302),
        "session.github.callback": nobodys(401), "session.google": nobodys(302),
        "session.google.callback": nobodys(401), "session.methods": nobodys(200),
        "stripe.webhook": nobodys(400), "stripe.webhook.alias": nobodys(400),

        // An empty body. Everybody is told what is wrong with it.
        "auth.login": row(.nobody(400), { _ in [:] }) { _ in [:] },
        "auth.google": row(.nobody(400), { _ in [:] }) { _ in [:] },
        "auth.register": row(.nobody(400), { _ in [:] }) { _ in [:] },
        "auth.verify": row(.nobody(400), { _ in [:] }) { _ in [:] },
        "auth.resend": row(.nobody(400), { _ in [:] }) { _ in [:] },
        "auth.password.change": row(.nobody(400), { _ in [:] }) { _ in [:] },
        "auth.password.forgot": row(.nobody(400), { _ in [:] }) { _ in [:] },
        "auth.password.update": row(.nobody(400), { _ in [:] }) { _ in [:] },
        "auth.logout": nobodys(200), "auth.refresh": nobodys(401), "auth.jwks": nobodys(200),
        "admin.services": row(.admins, { _ in [:] }),
        "admin.users.clients": row(.admins, { _ in [:] }), "admin.users.freelancers": row(.admins, { _ in [:] }),
        "admin.users.blockClient": row(.admins, { ["clientId": $0.blockable.id] }),
        "admin.users.unblockClient": row(.admins, { ["clientId": $0.blockable.id] }),
        "admin.users.blockFreelancer": row(.admins, { ["freelancerId": $0.blockableFreelancer.id] }),
        "admin.users.unblockFreelancer": row(.admins, { ["freelancerId": $0.blockableFreelancer.id] }),
        "admin.users.tier": row(.admins, { ["id": $0.blockable.id] }) { _ in ["subscription_tier": "free"] },

        "session.get": own, "session.delete": own, "session.github.link": own, "session.google.unlink": own,
        "session.github.unlink": own, "session.google.link": own,
        "keys.create": own, "skillsync.keys.create": own, "keys.list": own, "keys.verify": own, "keys.rotate": own,
        "oauth.metadata": nobodys(200), "oauth.authorize": nobodys(400), "oauth.token": nobodys(400),
        "oauth.revoke": nobodys(400), "oauth.introspect": nobodys(400), "oauth.decide": own,
        "oauth.clients.create": row(.enterprise, { _ in [:] }), "oauth.clients.list": own, "oauth.grants.list": own,
        "oauth.clients.get": row(.client, { ["id": $0.oauthClient] }),
        "oauth.clients.delete": row(.client, { ["id": $0.oauthClient] }),
        "oauth.grants.delete": row(.client, { ["id": $0.oauthGrant] }),
        "keys.rotate.named": row(.client, { ["id": $0.key] }), "keys.revoke": row(.client, { ["id": $0.key] }),
        "keys.requests": row(.client, { ["id": $0.key] }),
        "agents.create": own, "agents.list": own,
        "agents.update": row(.client, { ["id": $0.agent] }), "agents.delete": row(.client, { ["id": $0.agent] }),
        "account.delete": own,

        "profile.me": own, "profile.update": row(.caller, { _ in [:] }) { _ in ["bio": "Parsers."] },
        "profile.resume.upload": own, "profile.resume.remove": own,
        "profile.get": row(.everybody, { ["userId": $0.deal.worker.id] }),
        "profile.repositories": row(.everybody, { ["userId": $0.deal.worker.id] }),
        "profile.resume.get": row(.everybody, { ["userId": $0.deal.worker.id, "fileId": $0.resume] }),
        "freelancer.profile.get": row(.nobody(200), { ["id": $0.deal.worker.id] }),
        "freelancer.profile.update": row(.named(.worker), { ["id": $0.deal.worker.id] }) { _ in ["city": "Pune"] },
        "freelancer.profile.picture": row(.named(.worker), { ["id": $0.deal.worker.id] }),
        "client.profile.get": row(.everybody, { ["id": $0.deal.client.id] }),
        "client.profile.update": row(.named(.client), { ["id": $0.deal.client.id] }) { _ in
            ["firstName": "Grace Hopper", "city": "Pune", "state": "Maharashtra"]
        },
        "client.profile.picture": row(.named(.client), { ["id": $0.deal.client.id] }),
        "media.upload": own, "media.get": row(.everybody, { ["id": $0.media] }),
        "media.delete": row(.client, { ["id": $0.media] }),
        "skillsync.profiles.list": row(.everybody, { _ in [:] }),
        "skillsync.profiles.get": row(.everybody, { ["userId": $0.deal.worker.id] }),
        "skillsync.profiles.update": row(.named(.client), { ["userId": $0.deal.client.id] }) { _ in ["bio": "Parsers."]
        },
        "skillsync.profiles.photo": row(.named(.client), { ["userId": $0.deal.client.id] }),
        "vouches.create": row(.everybody, { _ in [:] }) { ["vouched_user_id": .string($0.deal.worker.id)] },
        "reviews.list": row(.everybody, { ["userId": $0.deal.worker.id] }),

        "skillsync.matches.own": own,
        "skillsync.matches.get": row(.client, { ["id": $0.match] }),
        "skillsync.matches.act": row(.client, { ["id": $0.match] }) { _ in ["action": "save"] },
        "skillsync.analytics.user": row(.named(.client), { ["userId": $0.deal.client.id] }),
        "skillsync.analytics.platform": row(.enterprise, { _ in [:] }),

        "gigs.list": row(.everybody, { _ in [:] }), "gigs.create": own,
        "gigs.get": row(.client, { ["id": $0.draft] }),
        "gigs.update": row(.publisher, { $0.deal.gigIDs }),
        "gigs.delete": row(.publisher, { $0.deal.gigIDs }),
        "gigs.apply": row(.everybody, { $0.deal.gigIDs }),
        "applications.list": row(.publisher, { $0.deal.gigIDs }),
        "applications.update": row(.publisher, { $0.deal.applicationIDs }),
        "applications.mine": own,
        "applications.withdraw": parties(.worker) { ["id": $0.deal.application] },

        "negotiations.list": own,
        "negotiations.create": row(.publisher, { _ in [:] }) { $0.deal.parties },
        "negotiations.negotiate": row(.publisher, { _ in [:] }) { $0.deal.parties },
        "negotiations.get": parties(.client, .worker) { $0.deal.negotiationIDs },
        "negotiations.round": parties(.client, .worker) { $0.deal.negotiationIDs },
        "negotiations.agree": parties(.client, .worker) { $0.deal.negotiationIDs },
        "negotiations.decline": parties(.client, .worker) { $0.deal.negotiationIDs },
        "negotiations.shareContact": parties(.client, .worker) { $0.deal.negotiationIDs },

        "contracts.list": own,
        "contracts.get": parties(.client, .worker) { $0.deal.contractIDs },
        "contracts.ledger": parties(.client, .worker) { $0.deal.contractIDs },
        "contracts.approve": parties(.client, .worker) { $0.deal.contractIDs },
        "contracts.revise": parties(.client, .worker) { $0.deal.contractIDs },
        "contracts.connectLink": parties(.worker) { $0.deal.contractIDs },
        "contracts.addMilestone": parties(.client) { $0.deal.contractIDs },
        "contracts.end": parties(.client, .worker) { $0.deal.contractIDs },
        "contracts.withdrawMilestone": parties(.client) { $0.deal.milestoneIDs },
        "contracts.fund": parties(.client) { $0.deal.milestoneIDs },
        "contracts.deliver": parties(.worker) { $0.deal.milestoneIDs },
        "contracts.release": parties(.client) { $0.deal.milestoneIDs },
        "reviews.create": parties(.client, .worker) { $0.deal.contractIDs },

        "client.contracts.create": row(.publisher, { ["jobId": $0.board.job] }) { $0.offer },
        "client.contracts.create.alias": row(.publisher, { ["jobId": $0.board.job] }) { $0.offer },
        "client.contracts.cancel": parties(.client, .worker) { ["contractId": $0.board.hire] },
        "client.contracts.isCreated": row(
            .named(.client), { ["jobId": $0.board.job, "clientId": $0.deal.client.id] }),
        "client.contracts.list": row(.named(.client), { ["clientId": $0.deal.client.id] }),
        "admin.contracts.list": row(.admins, { _ in [:] }),
        "client.contracts.requestRelease": parties(.client) { ["contractId": $0.board.hire] },
        "client.contracts.requestRelease.alias": parties(.client) { ["contractId": $0.board.hire] },
        "freelancer.contracts.approve": row(
            .named(.worker), { ["contractId": $0.board.hire, "freelancerId": $0.deal.worker.id] }),
        "freelancer.contracts.list": row(.named(.worker), { ["freelancerId": $0.deal.worker.id] }),
        "freelancer.contracts.get": parties(.client, .worker) { ["contractId": $0.board.hire] },
        "freelancer.contracts.setStatus": row(.parties([.worker]), { ["contractId": $0.board.hire] }) { _ in
            ["status": "Ongoing"]
        },
        "freelancer.contracts.completed": row(.nobody(200), { ["freelancerId": $0.deal.worker.id] }),
        "client.reviews.rate": row(.named(.client), { ["clientId": $0.deal.client.id] }) { world in
            [
                "contractId": .string(world.board.hire), "freelancerId": .string(world.deal.worker.id), "rating": 5,
                "description": "On time.",
            ]
        },
        "client.reviews.list": row(.nobody(200), { ["freelancerId": $0.deal.worker.id] }),

        "disputes.create": row(.parties([.client]), { _ in [:] }) { world in
            [
                "contract_id": .string(world.deal.contract), "milestone_id": .string(world.deal.milestone),
                "disputing_party": "client", "reason": "Again.", "evidence": [],
            ]
        },
        "disputes.list": own,
        "disputes.get": parties(.client, .worker) { ["id": $0.dispute] },
        "disputes.respond": parties(.worker) { ["id": $0.dispute] },
        "disputes.recommend": parties(.client, .worker) { ["id": $0.dispute] },
        "admin.disputes.resolve": row(.admins, { ["id": $0.dispute] }),
        "admin.reviews.hide": row(.admins, { ["id": $0.review] }),
        "admin.ledger.account": row(.admins, { _ in [:] }),
        "client.jobs.pay": row(.publisher, { ["jobId": $0.board.job] }) { world in
            ["title": "A parser", "rate": 1500, "freelancerId": .string(world.deal.worker.id)]
        },
        "admin.escrow.release": row(.admins, { ["contractId": $0.escrow.contract] }),
        "admin.escrow.refund": row(.publisher, { ["contractId": $0.escrow.contract, "clientId": $0.deal.client.id] }),
        "admin.escrow.payWallet": row(.admins, { ["userId": $0.deal.worker.id] }),
        "wallet.earnings": row(.publisher, { ["userId": $0.deal.client.id] }),
        "wallet.transactions": row(.publisher, { ["walletId": $0.deal.client.id] }),
        "wallet.sales": row(.publisher, { ["userId": $0.deal.client.id] }),
        "admin.cases.list": row(.admins, { _ in [:] }),
        "admin.escrow.revenue": row(.admins, { _ in [:] }), "admin.escrow.balance": row(.admins, { _ in [:] }),
        "admin.escrow.transactions": row(.admins, { _ in [:] }), "admin.escrow.sales": row(.admins, { _ in [:] }),
        "admin.cases.close": row(.admins, { ["id": $0.escrowCase] }),
        "jobs.board": nobodys(200), "jobs.board.alias": nobodys(200), "jobs.create": own,
        "jobs.get": row(.everybody, { ["id": $0.board.job] }),
        "jobs.mine": row(.publisher, { ["id": $0.deal.client.id] }),
        "jobs.update": row(.publisher, { ["id": $0.board.job] }),
        "jobs.applicants": row(.publisher, { ["jobId": $0.board.job, "clientId": $0.deal.client.id] }),
        "jobs.apply": row(.everybody, { ["jobId": $0.board.job] }),
        "jobs.withdraw": parties(.worker) { ["applicationId": $0.board.application] },
        "jobs.applied": own,
        "jobs.applied.status": row(.publisher, { ["jobId": $0.board.job, "freelancerId": $0.board.other] }),
        "categories.list": nobodys(200), "skills.list": nobodys(200),
        "categories.add": row(.admins, { _ in [:] }), "skills.add": row(.admins, { _ in [:] }),
        "categories.edit": row(.admins, { ["id": $0.board.category] }),
        "categories.offer": row(.admins, { ["id": $0.board.category] }),
        "categories.withhold": row(.admins, { ["id": $0.board.category] }),
        "skills.edit": row(.admins, { ["id": $0.board.skill] }),
        "skills.offer": row(.admins, { ["id": $0.board.skill] }),
        "skills.withhold": row(.admins, { ["id": $0.board.skill] }),
        "admin.cases.resolve": row(.admins, { ["id": $0.escrowCase] }),
        "admin.credits.grant": row(.admins, { _ in [:] }) { world in
            ["user_id": .string(world.deal.worker.id), "amount": 1]
        },

        "webhooks.create": own, "webhooks.list": own, "webhooks.delete": row(.client, { ["id": $0.webhook] }),
        "webhooks.get": row(.client, { ["id": $0.webhook] }), "webhooks.update": row(.client, { ["id": $0.webhook] }),
        "webhooks.rotate": row(.client, { ["id": $0.webhook] }), "webhooks.test": row(.client, { ["id": $0.webhook] }),
        "webhooks.deliveries": row(.client, { ["id": $0.webhook] }),
        "webhooks.deliveries.replay": row(.client, { ["id": $0.webhook, "deliveryId": $0.delivery] }),
        "webhooks.replay": row(.client, { ["id": $0.webhook] }),
        "skillsync.webhooks.create": own, "skillsync.webhooks.list": own,
        "skillsync.webhooks.delete": row(.client, { ["id": $0.otherWebhook] }),
        "skillsync.webhooks.test": row(.client, { ["id": $0.otherWebhook] }),
        "skillsync.webhooks.deliveries": row(.client, { ["id": $0.otherWebhook] }),
        "events.list": own, "events.stream": own, "notifications.inbox": own, "notifications.inbox.read": own,
        "notifications.settings": own, "notifications.settings.update": own,
        "notifications.create": own, "notifications.list": own,
        "notifications.unsubscribe.page": nobodys(404), "notifications.unsubscribe": nobodys(404),
        "notifications.confirm": row(.client, { ["id": $0.channel] }),
        "notifications.code": row(.client, { ["id": $0.channel] }),
        "notifications.delete": row(.client, { ["id": $0.channel] }),
        "skillsync.messages.send": row(.publisher, { _ in [:] }) { world in
            ["recipient_id": .string(world.friend), "message": "Hello"]
        },
        "skillsync.conversations.list": own,
        "skillsync.conversations.get": parties(.client, .worker) { ["conversationId": $0.conversation] },
        "earnings.get": own, "credits.get": own, "credits.deduct": own,
    ]
}
