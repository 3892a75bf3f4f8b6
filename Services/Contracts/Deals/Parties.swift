import SharedModels

/// The two sides of a deal.
struct Parties: Sendable, Equatable {
    let client: AccountID
    let worker: AccountID

    /// Which side `account` is on; `nil` for a stranger.
    func role(of account: AccountID) -> PartyRole? {
        switch account {
        case client: .client
        case worker: .worker
        default: nil
        }
    }

    func account(of role: PartyRole) -> AccountID {
        switch role {
        case .client: client
        case .worker: worker
        }
    }

    /// The accounts that receive the deal's events.
    var all: [AccountID] { [client, worker] }
}
