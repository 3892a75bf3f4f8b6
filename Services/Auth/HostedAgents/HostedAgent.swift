import SharedModels

/// An agent that acts for an account with its own keys.
struct HostedAgent: Sendable, Equatable {
    /// Recommendations per month unless the account sets another limit (platform contract, section 10).
    static let initialLimit = 100

    let id: HostedAgentID
    let accountID: AccountID
    var name: String
    /// Recommendations on disputes in a calendar month of UTC.
    var monthlyLimit: Int
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp

    func applying(_ update: HostedAgentUpdate, at now: Timestamp) -> HostedAgent {
        var changed = self
        if let name = update.name { changed.name = name }
        if let limit = update.llmMonthlyLimit { changed.monthlyLimit = limit }
        guard changed != self else { return self }
        changed.version += 1
        changed.updatedAt = now
        return changed
    }

    /// - Parameter used: Recommendations used in the current month.
    func view(used: Int) -> HostedAgentView {
        HostedAgentView(
            id: id, name: name, llmMonthlyLimit: monthlyLimit, llmUsed: used, createdAt: createdAt,
            updatedAt: updatedAt)
    }
}
