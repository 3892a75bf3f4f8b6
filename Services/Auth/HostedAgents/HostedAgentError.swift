import ServiceKit
import SharedModels

/// Refusals about hosted agents.
enum HostedAgentError: Error, Equatable {
    /// Also for a stranger, who must not learn that it exists.
    case notFound(HostedAgentID)
    case tooMany
    /// The agent has used up its month. The value is the rest of that month.
    case paused(until: Duration)
}

extension HostedAgentError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .tooMany: .conflict
        case .paused: .agentPaused
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such hosted agent."
        case .tooMany: "An account has at most \(HostedAgentWorkflow.limit) hosted agents; delete one first."
        case .paused:
            "The hosted agent has used up its recommendations of this month; raise its llm_monthly_limit, or wait."
        }
    }

    var retryAfter: Duration? {
        if case .paused(let wait) = self { wait } else { nil }
    }
}
