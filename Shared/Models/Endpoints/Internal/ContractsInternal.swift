/// Contracts' answers.
public enum ContractsInternal {
    /// Whether an account has negotiations or contracts that are not over, in either role.
    public static let openDeals = Endpoint<NoInput, OpenDeals>(
        "internal.accounts.deals", .get, "/internal/accounts/{id}/open-deals", of: .contracts, access: .service,
        "An account's deals that are not over")
    public static let receiveEvents = InternalEndpoints.receiveEvents(.contracts)
    public static let all: [Operation] = [openDeals.operation, receiveEvents.operation]
}

public struct OpenDeals: Model {
    public let asClient: Int
    public let asWorker: Int

    public init(asClient: Int, asWorker: Int) {
        self.asClient = asClient
        self.asWorker = asWorker
    }

    enum CodingKeys: String, CodingKey {
        case asClient = "as_client"
        case asWorker = "as_worker"
    }
}
