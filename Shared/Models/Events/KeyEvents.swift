/// An API key expires within a week. Only subscribers that name this event receive it, because the original surface
/// does not have it.
public enum KeyExpiring: UserEvent {
    public typealias Content = KeyExpiryNews
    public static let name = EventName.keyExpiring
    public static let audience = Audience.owner
    public static let isStandard = false
    public static let summary = "An API key ends within a week"
}

/// What `key.expiring` tells of an API key.
public struct KeyExpiryNews: Model {
    public let name: String?
    /// The beginning of the key, as lists of keys show it.
    public let prefix: String
    public let apiKeyID: APIKeyID
    public let hostedAgentID: HostedAgentID?
    public let expiresAt: Timestamp

    public init(
        apiKeyID: APIKeyID, name: String?, prefix: String, hostedAgentID: HostedAgentID?, expiresAt: Timestamp
    ) {
        self.apiKeyID = apiKeyID
        self.name = name
        self.prefix = prefix
        self.hostedAgentID = hostedAgentID
        self.expiresAt = expiresAt
    }
}
