/// A contract of the flow `escrow_checkout` as Skillhouse shows it. Each answer says which of job, client and freelancer
/// it expands; the others are ids.
public struct HireDocument<Job: HirePart, Client: HirePart, Freelancer: HirePart>: Model {
    public let _id: ObjectID<ContractKind>
    /// `CON` and eight digits, for people to read.
    public let contractID: String
    public let jobID: Job
    public let clientID: Client
    public let freelancerID: Freelancer
    public let isApproved: Bool
    public let status: CheckoutContractStatus
    public let amount: Rupees
    public let escrowPaid: Bool
    /// `nil` as well when the account of a party was deleted.
    public let canceledBy: CheckoutCanceller?
    public let cancelReason: String
    public let cancelReasonDescription: String
    public let releaseFundStatus: ReleaseFundStatus
    public let isDeleted: Bool
    /// Every change of the status, the oldest first.
    public let statusHistory: [HireStatusEntry]
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let nextActions: [NextAction]

    public init(
        _id: ObjectID<ContractKind>, contractID: String, jobID: Job, clientID: Client, freelancerID: Freelancer,
        isApproved: Bool, status: CheckoutContractStatus, amount: Rupees, escrowPaid: Bool,
        canceledBy: CheckoutCanceller?, cancelReason: String, cancelReasonDescription: String,
        releaseFundStatus: ReleaseFundStatus, isDeleted: Bool, statusHistory: [HireStatusEntry], createdAt: Timestamp,
        updatedAt: Timestamp, nextActions: [NextAction]
    ) {
        self._id = _id
        self.contractID = contractID
        self.jobID = jobID
        self.clientID = clientID
        self.freelancerID = freelancerID
        self.isApproved = isApproved
        self.status = status
        self.amount = amount
        self.escrowPaid = escrowPaid
        self.canceledBy = canceledBy
        self.cancelReason = cancelReason
        self.cancelReasonDescription = cancelReasonDescription
        self.releaseFundStatus = releaseFundStatus
        self.isDeleted = isDeleted
        self.statusHistory = statusHistory
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.nextActions = nextActions
    }

    public static var schemaName: String {
        "Hire" + Job.name(as: "Job") + Client.name(as: "Client") + Freelancer.name(as: "Freelancer")
    }
}

/// A contract with ids alone.
public typealias HireView = HireDocument<ObjectID<GigKind>, ObjectID<AccountKind>, ObjectID<AccountKind>>

public struct HireStatusEntry: Model, Equatable {
    public let status: CheckoutContractStatus
    /// The day, `DD-MM-YY`.
    public let timestamp: String
    public let at: Timestamp

    public init(status: CheckoutContractStatus, at: Timestamp) {
        func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (year, month, day) = at.day.civil
        self.status = status
        self.timestamp = "\(twoDigits(day))-\(twoDigits(month))-\(twoDigits(year % 100))"
        self.at = at
    }
}

/// What stands for a job or a person in a ``HireDocument``: its id, or the thing itself.
public protocol HirePart: Codable, Sendable {
    /// A word for the name of the document's schema; empty for an id.
    static func name(as role: String) -> String
}

extension ObjectID: HirePart {
    public static func name(as role: String) -> String { "" }
}

/// The job of a contract. While jobs cannot be asked, it has its id and title alone.
public struct HireJob: Model, HirePart {
    public let _id: ObjectID<GigKind>
    public let title: String
    public let description: String?
    public let rate: Rupees?
    public let experienceLevel: ExperienceLevel?
    public let location: String?
    public let status: JobStatus?

    public init(
        _id: ObjectID<GigKind>, title: String, description: String?, rate: Rupees?, experienceLevel: ExperienceLevel?,
        location: String?, status: JobStatus?
    ) {
        self._id = _id
        self.title = title
        self.description = description
        self.rate = rate
        self.experienceLevel = experienceLevel
        self.location = location
        self.status = status
    }

    public static func name(as role: String) -> String { role }
}

/// A party of a contract, for the other party and admins. While talent cannot be asked, and once the account is deleted,
/// it has its id alone.
public struct HireParty: Model, HirePart {
    public let _id: ObjectID<AccountKind>
    public let name: String
    public let email: String?
    /// A URL; empty when there is no picture.
    public let profilePic: String

    public init(_id: ObjectID<AccountKind>, name: String, email: String?, profilePic: String) {
        self._id = _id
        self.name = name
        self.email = email
        self.profilePic = profilePic
    }

    public static func name(as role: String) -> String { role }
}

/// A party of a contract for everybody, without the mail address.
public struct PublicHireParty: Model, HirePart {
    public let _id: ObjectID<AccountKind>
    public let name: String
    /// A URL; empty when there is no picture.
    public let profilePic: String

    public init(_id: ObjectID<AccountKind>, name: String, profilePic: String) {
        self._id = _id
        self.name = name
        self.profilePic = profilePic
    }

    public static func name(as role: String) -> String { "Public\(role)" }
}
