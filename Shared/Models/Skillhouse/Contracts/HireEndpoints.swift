public struct HireInput: Model {
    public let freelancerID: ObjectID<AccountKind>
    /// What the whole job costs.
    public let amount: Rupees

    public static let rules: [String: MemberRule] = ["amount": .price]
}

public struct HireCancellationInput: Model {
    public var cancelReason: String?
    public var cancelReasonDescription: String?

    public static let rules: [String: MemberRule] = [
        "cancelReason": .optionalText(0...200), "cancelReasonDescription": .optionalText(0...2000),
    ]
}

public struct HireStatusInput: Model {
    public let status: CheckoutContractStatus
}

public struct HireAnswer: Model {
    public let message: String
    public let contract: HireView

    public init(message: String, contract: HireView) {
        self.message = message
        self.contract = contract
    }
}

public struct HireOrNone: Model {
    public let contract: HireView?
    public init(contract: HireView?) { self.contract = contract }
}

public struct WholeHire: Model {
    public let contract: HireDocument<HireJob, HireParty, HireParty>
    public init(contract: HireDocument<HireJob, HireParty, HireParty>) { self.contract = contract }
}

/// A client's contracts, newest first.
public struct ClientHires: Model {
    /// How many there are on all pages.
    public let count: Int
    public let data: [HireDocument<HireJob, ObjectID<AccountKind>, HireParty>]
    public let nextCursor: String?

    public init(
        count: Int, data: [HireDocument<HireJob, ObjectID<AccountKind>, HireParty>], nextCursor: String?
    ) {
        self.count = count
        self.data = data
        self.nextCursor = nextCursor
    }
}

/// Everybody's contracts, newest first.
public struct AllHires: Model {
    public let data: [HireDocument<ObjectID<GigKind>, HireParty, HireParty>]
    public let nextCursor: String?

    public init(data: [HireDocument<ObjectID<GigKind>, HireParty, HireParty>], nextCursor: String?) {
        self.data = data
        self.nextCursor = nextCursor
    }
}

/// A freelancer's contracts, newest first.
public struct FreelancerHires: Model {
    /// How many there are on all pages.
    public let count: Int
    public let contracts: [HireDocument<HireJob, HireParty, ObjectID<AccountKind>>]
    public let nextCursor: String?

    public init(
        count: Int, contracts: [HireDocument<HireJob, HireParty, ObjectID<AccountKind>>], nextCursor: String?
    ) {
        self.count = count
        self.contracts = contracts
        self.nextCursor = nextCursor
    }
}

/// What a freelancer has completed, for everybody.
public struct CompletedWorks: Model {
    /// How many there are on all pages.
    public let count: Int
    public let contracts: [HireDocument<HireJob, PublicHireParty, ObjectID<AccountKind>>]
    public let nextCursor: String?

    public init(
        count: Int, contracts: [HireDocument<HireJob, PublicHireParty, ObjectID<AccountKind>>], nextCursor: String?
    ) {
        self.count = count
        self.contracts = contracts
        self.nextCursor = nextCursor
    }
}

/// `/api/client/contract`. Two endpoints also have the short paths of Skillhouse's documentation.
public struct ClientContractEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.contracts

    static let pages: [any AnyParameter] = [Parameter<Int>.page, Parameter<Int>.limit, Parameter<PageCursor?>.cursor]

    public let create = Self.creation(as: "client.contracts.create", at: "/api/client/contract/create-contract/{jobId}")
    public let createAlias = Self.creation(
        as: "client.contracts.create.alias", at: "/api/client/create-contract/{jobId}")
    public let cancel = Endpoint<HireCancellationInput, Acknowledgement>(
        "client.contracts.cancel", .delete, "/api/client/contract/cancel-contract/{contractId}", of: Self.self,
        access: .account(.dealsWrite), errors: [.badRequest, .notFound, .conflict, .preconditionFailed],
        "Cancel a contract that is not paid")
    public let isCreated = Endpoint<NoInput, HireOrNone>(
        "client.contracts.isCreated", .get, "/api/client/contract/is-created/{jobId}/{clientId}", of: Self.self,
        access: .client(.dealsRead), errors: [.badRequest, .forbidden], "The contract of your job, if there is one")
    public let list = Endpoint<NoInput, ClientHires>(
        "client.contracts.list", .get, "/api/client/contract/get-contracts/{clientId}", of: Self.self,
        access: .client(.dealsRead), query: Self.pages, errors: [.badRequest, .forbidden], "Your contracts as a client")
    public let all = Endpoint<NoInput, AllHires>(
        "admin.contracts.list", .get, "/api/client/contract/all-contracts", of: Self.self,
        access: .admin(.dealsRead), query: Self.pages, "Everybody's contracts")
    public let requestRelease = Self.releaseRequest(
        as: "client.contracts.requestRelease", at: "/api/client/contract/release-fund/{contractId}")
    public let requestReleaseAlias = Self.releaseRequest(
        as: "client.contracts.requestRelease.alias", at: "/api/client/release-fund/{contractId}")

    private static func creation(as id: String, at path: String) -> Endpoint<HireInput, HireAnswer> {
        Endpoint(
            id, .post, path, of: Self.self, access: .client(.dealsWrite), success: 201,
            errors: [.badRequest, .forbidden, .notFound, .conflict], "Hire an applicant for your job")
    }

    private static func releaseRequest(as id: String, at path: String) -> Endpoint<NoInput, Acknowledgement> {
        Endpoint(
            id, .patch, path, of: Self.self, access: .client(.dealsWrite),
            errors: [.badRequest, .forbidden, .notFound, .conflict, .preconditionFailed],
            "Ask for the release of a completed contract's money")
    }
}

/// `/api/freelancer/contract`.
public struct FreelancerContractEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.contracts

    public let approve = Endpoint<NoInput, HireAnswer>(
        "freelancer.contracts.approve", .post,
        "/api/freelancer/contract/approve-contract/{contractId}/{freelancerId}", of: Self.self,
        access: .freelancer(.dealsWrite), errors: [.badRequest, .forbidden, .notFound, .conflict, .preconditionFailed],
        "Approve a contract; it starts once it is paid, too")
    public let list = Endpoint<NoInput, FreelancerHires>(
        "freelancer.contracts.list", .get, "/api/freelancer/contract/get-contracts/{freelancerId}", of: Self.self,
        access: .freelancer(.dealsRead), query: ClientContractEndpoints.pages, errors: [.badRequest, .forbidden],
        "Your contracts as a freelancer")
    public let get = Endpoint<NoInput, WholeHire>(
        "freelancer.contracts.get", .get, "/api/freelancer/contract/view-contract/{contractId}", of: Self.self,
        access: .account(.dealsRead), errors: [.badRequest, .notFound], "One contract, for its parties and admins")
    public let setStatus = Endpoint<HireStatusInput, HireAnswer>(
        "freelancer.contracts.setStatus", .put, "/api/freelancer/contract/update-status/{contractId}", of: Self.self,
        access: .freelancer(.dealsWrite), errors: [.badRequest, .forbidden, .notFound, .conflict, .preconditionFailed],
        "Say how far the work is")
    public let completed = Endpoint<NoInput, CompletedWorks>(
        "freelancer.contracts.completed", .get, "/api/freelancer/contract/completed-works/{freelancerId}",
        of: Self.self, access: .anyone, query: ClientContractEndpoints.pages, errors: [.badRequest],
        "What a freelancer has completed")
}
