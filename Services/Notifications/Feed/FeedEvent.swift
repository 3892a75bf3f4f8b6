import SharedModels

/// An event in an account's feed.
struct FeedEvent: Sendable, Equatable {
    let id: EventID
    let name: String
    /// Its place among all events: those of an account are told in this order.
    let position: Int64
    /// As webhooks get it, byte for byte.
    let body: [UInt8]
}

/// An event in words, for a person who looks at the marketplace itself.
struct Notice: Sendable, Equatable {
    let id: EventID
    let event: String
    /// As webhooks get it.
    let body: [UInt8]
    let createdAt: Timestamp
    let readAt: Timestamp?
}
