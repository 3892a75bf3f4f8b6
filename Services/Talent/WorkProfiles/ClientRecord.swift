import SharedModels

/// What a client has done on Skillhouse, as jobs and contracts told it.
struct ClientRecord: Sendable, Equatable {
    /// How many jobs the client has posted.
    let jobsPosted: Int64
    /// What the client has paid for contracts that were not canceled.
    let spent: Money
}
