/// Contracts' answers.
public enum ContractsInternal {
    /// Whether an account has negotiations or contracts that are not over, in either role.
    public static let openDeals = Endpoint<NoInput, OpenDeals>(
        "internal.accounts.deals", .get, "/internal/accounts/{id}/open-deals", of: .contracts, access: .service,
        "An account's deals that are not over")
    /// Keeps an account that wants to go out of every move for 60 s, unless money or a dispute of its is
    /// open. `account.deleted` makes it final. Repeating it is harmless.
    public static let depart = Endpoint<NoInput, DeletionBlockers>(
        "internal.accounts.depart", .put, "/internal/accounts/{id}/departure", of: .contracts,
        access: .service, "Keep an account out of its deals, or say what is open in them")
    /// The account stays after all.
    public static let stay = Endpoint<NoInput, NoOutput>(
        "internal.accounts.stay", .delete, "/internal/accounts/{id}/departure", of: .contracts,
        access: .service, success: 204, "Let an account move again")
    public static let receiveEvents = InternalEndpoints.receiveEvents(.contracts)
    public static let all: [Operation] = [
        openDeals.operation, depart.operation, stay.operation, receiveEvents.operation,
    ]
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
