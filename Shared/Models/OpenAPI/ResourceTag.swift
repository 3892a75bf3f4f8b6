/// The resources of the API. Each operation has the tag of one, so that a reader finds what belongs together and a
/// generated library has a class for each.
public enum ResourceTag: String, CaseIterable, Sendable {
    case session, oauth, keys, agents, account, profiles, vouches, credits, earnings
    case gigs, applications, negotiations, contracts, disputes, reviews
    case webhooks, notifications, events
    case signIn = "sign-in"
    case users
    case freelancerProfiles = "freelancer profiles"
    case clientProfiles = "client profiles"
    case media, categories, skills, jobs
    case jobApplications = "job applications"
    case hires, ratings, escrow, wallet
    case talentKeys = "talent keys"
    case talent, matches, messages, analytics
    case talentWebhooks = "talent webhooks"
    /// The webhooks' own: another name than the endpoints' tag has, or generated classes would overwrite each other.
    case receivedEvents = "received events"
    case providers, documents, services

    public var summary: String {
        switch self {
        case .session: "Signing in with GitHub or Google, in a browser"
        case .oauth: "Programs that act for people, by OAuth 2.0"
        case .keys: "API keys of an account: made by a session, used by programs"
        case .agents: "Software agents that keys belong to, each with a monthly allowance"
        case .account: "The end of an account"
        case .profiles: "Who somebody is, with resume and repositories"
        case .vouches: "Accounts that vouch for others"
        case .credits: "Credits, which are not money"
        case .earnings: "What an account has earned, by month"
        case .gigs: "Work that clients post"
        case .applications: "What freelancers send to a gig, and the client's answer"
        case .negotiations: "Up to three rounds of terms, until both agree"
        case .contracts: "Agreed work: approvals, milestones, funding, delivery, release"
        case .disputes: "When client and worker disagree over a milestone"
        case .reviews: "What the parties of a completed contract say of each other"
        case .webhooks: "Addresses that events are sent to, and their deliveries"
        case .notifications: "Channels that tell people: Telegram, Discord, Slack, mail, and the inbox"
        case .events: "An account's events, to read or to follow, for those without a public address"
        case .signIn: "Registration, passwords and access tokens (Skillhouse)"
        case .services: "What runs, and what is stuck, for admins"
        case .users: "Accounts as admins see them"
        case .freelancerProfiles: "Profiles of freelancers (Skillhouse)"
        case .clientProfiles: "Profiles of clients (Skillhouse)"
        case .media: "Images and videos"
        case .categories: "Categories that jobs are sorted into"
        case .skills: "Skills that jobs ask for"
        case .jobs: "Jobs that clients post (Skillhouse)"
        case .jobApplications: "Applications to jobs (Skillhouse)"
        case .hires: "Contracts over jobs (Skillhouse)"
        case .ratings: "What clients say of freelancers (Skillhouse)"
        case .escrow: "The platform's money, for admins"
        case .wallet: "What a freelancer has earned (Skillhouse)"
        case .talentKeys: "API keys with scopes (SkillSync)"
        case .talent: "Profiles for matching (SkillSync)"
        case .matches: "Who fits whom (SkillSync)"
        case .messages: "Conversations (SkillSync)"
        case .analytics: "What happened to a profile, and on the platform (SkillSync)"
        case .talentWebhooks: "Webhooks (SkillSync)"
        case .receivedEvents: "What a webhook receives"
        case .providers: "What Stripe, GitHub and Google call, and links in mails"
        case .documents: "What describes the marketplace"
        }
    }

    /// The resource of an operation, by its name's first words.
    ///
    /// - Returns: `nil` when none is declared for it.
    public static func of(_ operation: Operation) -> Self? {
        var words = operation.id.split(separator: ".")
        while !words.isEmpty {
            if let tag = byName[words.joined(separator: ".")] { return tag }
            words.removeLast()
        }
        return nil
    }

    private static let byName: [String: Self] = [
        "session": .session, "session.github.callback": .providers,
        "session.google.callback": .providers, "oauth": .oauth, "keys": .keys, "agents": .agents,
        "account": .account, "profile": .profiles, "vouches": .vouches, "credits": .credits,
        "admin.credits": .credits, "earnings": .earnings, "gigs": .gigs, "applications": .applications,
        "negotiations": .negotiations,
        "contracts": .contracts, "disputes": .disputes, "admin.disputes": .disputes, "reviews": .reviews,
        "admin.reviews": .reviews, "webhooks": .webhooks, "notifications": .notifications,
        "notifications.unsubscribe": .providers, "events": .events,

        "auth": .signIn, "admin.users": .users, "admin.services": .services, "freelancer.profile": .freelancerProfiles,
        "client.profile": .clientProfiles, "media": .media, "categories": .categories, "skills": .skills,
        "jobs": .jobs, "jobs.apply": .jobApplications, "jobs.withdraw": .jobApplications,
        "jobs.applied": .jobApplications, "jobs.applicants": .jobApplications, "client.jobs.pay": .hires,
        "client.contracts": .hires, "freelancer.contracts": .hires, "admin.contracts": .hires,
        "client.reviews": .ratings, "admin.escrow": .escrow, "admin.cases": .escrow, "admin.ledger": .escrow,
        "wallet": .wallet,

        "skillsync.keys": .talentKeys, "skillsync.profiles": .talent, "skillsync.matches": .matches,
        "skillsync.messages": .messages, "skillsync.conversations": .messages, "skillsync.analytics": .analytics,
        "skillsync.webhooks": .talentWebhooks,

        "stripe": .providers, "health": .documents, "openapi": .documents, "docs": .documents, "llms": .documents,
        "skill": .documents,
    ]
}

extension ResourceTag {
    /// The tags' declarations, those that the document uses.
    static func declarations(used: Set<String>) -> JSONValue {
        .array(
            allCases.filter { used.contains($0.rawValue) }.map {
                ["name": .string($0.rawValue), "description": .string($0.summary)]
            })
    }
}
