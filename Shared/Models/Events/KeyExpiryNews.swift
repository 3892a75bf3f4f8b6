/// What `key.expiring` tells of an API key.
public struct KeyExpiryNews: Model {
    public let apiKeyID: APIKeyID
    public let name: String?
    /// The beginning of the key, as lists of keys show it.
    public let prefix: String
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
