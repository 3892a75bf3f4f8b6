/// Contracts' answers about deals of the flow `escrow_checkout`. Contracts decides what a deal allows, under the lock of
/// its contract; payments moves the money that follows.
public struct CheckoutInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.contracts

    /// Whether a job can be paid for now. Changes nothing. Refusals read as the client's own: 404 for a job that does not
    /// exist, 403 for somebody else's, 400 for one that is not open or a freelancer who never applied, 409 for a contract
    /// that is paid, of another price or with another freelancer.
    public let quote = Endpoint<CheckoutOffer, CheckoutQuote>(
        "internal.checkouts.quote", .post, "/internal/checkouts/quote", of: Self.self,
        access: .service(from: [.payments]), errors: [.badRequest, .forbidden, .notFound, .conflict],
        "Whether a job can be paid for")
    /// Attaches a payment to its contract, and creates the contract when the client paid first. A payment that no
    /// contract can take any more is answered with `is_accepted` false and goes back to the card. A repeat with the same
    /// id decides the same, and shows the contract as it is then. 503 while it cannot be decided: ask again.
    public let settle = Endpoint<CheckoutOffer, CheckoutSettlement>(
        "internal.checkouts.settle", .put, "/internal/checkouts/{id}", of: Self.self,
        access: .service(from: [.payments]), "Attach a payment to its contract")
    /// Marks the release as approved. 400 unless the contract is completed and its client has asked for the release. A
    /// repeat answers the same.
    public let release = Endpoint<NoInput, CheckoutContract>(
        "internal.checkouts.release", .post, "/internal/checkouts/contracts/{id}/release", of: Self.self,
        access: .service(from: [.payments]), errors: [.badRequest, .notFound, .conflict],
        "Approve the release of a contract's money")
    /// Cancels a paid contract, and fixes by its status how the money is divided. 400 when it is completed or canceled.
    /// A repeat answers the same.
    public let cancel = Endpoint<CheckoutCancellation, CheckoutDivision>(
        "internal.checkouts.cancel", .post, "/internal/checkouts/contracts/{id}/cancellation", of: Self.self,
        access: .service(from: [.payments]), errors: [.badRequest, .forbidden, .notFound, .conflict],
        "Cancel a paid contract")
    public let contracts = Endpoint<ContractIDs, CheckoutContracts>(
        "internal.checkouts.contracts", .post, "/internal/checkouts/contracts/query", of: Self.self,
        access: .service(from: [.payments, .messages]), "Many contracts at once")
}

/// What a client pays for.
public struct CheckoutOffer: Model, Equatable {
    public let jobID: GigID
    public let clientUserID: AccountID
    public let freelancerUserID: AccountID
    /// In paise.
    public let amount: Int64
    /// The contract that the quote named. A payment that was begun for one never makes another. `nil` when the client
    /// pays before the contract is made, and when a quote is asked for.
    public var contractID: ContractID?

    public init(
        jobID: GigID, clientUserID: AccountID, freelancerUserID: AccountID, amount: Int64,
        contractID: ContractID? = nil
    ) {
        self.jobID = jobID
        self.clientUserID = clientUserID
        self.freelancerUserID = freelancerUserID
        self.amount = amount
        self.contractID = contractID
    }

    public static let rules: [String: MemberRule] = ["amount": .price]
}

public struct CheckoutQuote: Model, Equatable {
    /// `nil` when the client pays before the contract is made.
    public let contractID: ContractID?
    public let jobTitle: String

    public init(contractID: ContractID?, jobTitle: String) {
        self.contractID = contractID
        self.jobTitle = jobTitle
    }
}

public struct CheckoutSettlement: Model, Equatable {
    public let isAccepted: Bool
    /// `nil` when the payment was not accepted and there is no contract.
    public let contract: CheckoutContract?

    public init(isAccepted: Bool, contract: CheckoutContract?) {
        self.isAccepted = isAccepted
        self.contract = contract
    }
}

public struct CheckoutCancellation: Model, Equatable {
    public let by: CheckoutCanceller
    public let reason: String
    public let description: String

    public init(by: CheckoutCanceller, reason: String, description: String) {
        self.by = by
        self.reason = reason
        self.description = description
    }

    public static let rules: [String: MemberRule] = [
        "reason": .optionalText(0...200), "description": .optionalText(0...2000),
    ]
}

/// Who canceled a contract, as Skillhouse writes it.
public enum CheckoutCanceller: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case client = "Client"
    case freelancer = "Freelancer"
}

public struct CheckoutDivision: Model, Equatable {
    public let contract: CheckoutContract
    /// What the contract was when it was canceled: the freelancer's share follows from it.
    public let stage: CheckoutContractStatus

    public init(contract: CheckoutContract, stage: CheckoutContractStatus) {
        self.contract = contract
        self.stage = stage
    }
}

/// The state of a contract on Skillhouse.
public enum CheckoutContractStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case pending = "Pending"
    case started = "Started"
    case ongoing = "Ongoing"
    case completed = "Completed"
    case canceled = "Canceled"
}

/// How far the release of a contract's money is.
public enum ReleaseFundStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case notRequested = "NotRequested"
    case requested = "Requested"
    case approved = "Approved"
}

/// What other services know of a contract of the flow `escrow_checkout`.
public struct CheckoutContract: Model, Equatable {
    public let contractID: ContractID
    /// `CON` and eight digits.
    public let number: String
    public let jobID: GigID
    public let jobTitle: String
    public let clientUserID: AccountID
    public let freelancerUserID: AccountID
    /// In paise.
    public let amount: Int64
    public let status: CheckoutContractStatus
    public let isApproved: Bool
    public let isPaid: Bool
    public let releaseFundStatus: ReleaseFundStatus
    /// Grows with every change.
    public let version: Int64
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        contractID: ContractID, number: String, jobID: GigID, jobTitle: String, clientUserID: AccountID,
        freelancerUserID: AccountID, amount: Int64, status: CheckoutContractStatus, isApproved: Bool, isPaid: Bool,
        releaseFundStatus: ReleaseFundStatus, version: Int64, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.contractID = contractID
        self.number = number
        self.jobID = jobID
        self.jobTitle = jobTitle
        self.clientUserID = clientUserID
        self.freelancerUserID = freelancerUserID
        self.amount = amount
        self.status = status
        self.isApproved = isApproved
        self.isPaid = isPaid
        self.releaseFundStatus = releaseFundStatus
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public struct ContractIDs: Model {
    public let contractIDs: [ContractID]

    public init(contractIDs: [ContractID]) {
        self.contractIDs = contractIDs
    }

    public static let rules: [String: MemberRule] = ["contractIDs": .count(0...100)]
}

public struct CheckoutContracts: Model {
    public let contracts: [CheckoutContract]

    public init(contracts: [CheckoutContract]) {
        self.contracts = contracts
    }
}
