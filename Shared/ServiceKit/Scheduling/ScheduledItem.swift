import SharedModels

/// A row of scheduled work that is due.
struct ScheduledItem: Sendable {
    let kind: String
    let key: String
    /// JSON, not parsed yet: one unreadable row must not keep the others from being claimed.
    let text: [UInt8]
    /// Counted from 1.
    let attempt: Int
    /// Tells this run from a later one of the same item.
    let claim: ClaimID
    /// Not later than its lease began.
    let claimedAt: ContinuousClock.Instant

    /// - Throws: ``UnreadableWork``.
    func read<Work: ScheduledWork>(_ type: Work.Type) throws -> Work {
        let payload: JSONValue
        do {
            payload = try JSONValue.parse(text)
        } catch {
            throw UnreadableWork("the payload is not JSON: \(error.message)")
        }
        return try Work(key: key, payload: payload)
    }
}
