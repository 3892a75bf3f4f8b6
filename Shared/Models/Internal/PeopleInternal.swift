/// Talent's answers about who people are, for services that show them.
public struct PeopleInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.talent

    /// The people behind at most 100 accounts, in any order. Accounts that do not exist are left out.
    public let people = Endpoint<PeopleQuery, PeopleBatch>(
        "internal.people", .post, "/internal/people/query", of: Self.self,
        access: .service(from: [.auth, .jobs, .contracts, .payments, .messages, .notifications]), "Many people at once")
    /// The profiles as freelancers of at most 100 accounts, in any order, as many as an answer has room for. Accounts that
    /// do not exist are left out. Skills and categories are called as they were known last: jobs knows their present names.
    public let freelancers = Endpoint<PeopleQuery, FreelancerBatch>(
        "internal.freelancers", .post, "/internal/freelancers/query", of: Self.self, access: .service(from: [.jobs]),
        "Many freelancers' profiles at once")
    /// The accounts of one side whose names have words that begin as those of `name` do, the latest first.
    public let named = Endpoint<NameQuery, NamedPeople>(
        "internal.people.named", .post, "/internal/people/named", of: Self.self, access: .service(from: [.auth]),
        "People by their names")
}

public struct NameQuery: Model {
    public let name: String
    public let userType: UserType

    public init(name: String, userType: UserType) {
        self.name = name
        self.userType = userType
    }

    public static let rules: [String: MemberRule] = ["name": .text(1...100)]
}

public struct NamedPeople: Model {
    /// So many at most.
    public static let most = 500

    public let userIDs: [AccountID]

    public init(userIDs: [AccountID]) { self.userIDs = userIDs }
}

public struct PeopleQuery: Model {
    public let userIDs: [AccountID]

    public init(userIDs: [AccountID]) {
        self.userIDs = userIDs
    }

    public static let rules: [String: MemberRule] = ["userIDs": .count(0...100)]
}

public struct PeopleBatch: Model {
    public let people: [Person]

    public init(people: [Person]) {
        self.people = people
    }
}

/// As many of the profiles that were asked for as one answer has room for.
public struct FreelancerBatch: Model {
    /// Each in the words of Skillhouse: a ``FreelancerProfile``.
    public let freelancers: [JSONValue]
    /// Those for whom there was no room.
    public let rest: [AccountID]

    public init(freelancers: [JSONValue], rest: [AccountID]) {
        self.freelancers = freelancers
        self.rest = rest
    }
}

/// A person as the parties of a deal see each other. Public lists leave the mail address out.
public struct Person: Model, Equatable {
    public let userID: AccountID
    public let userType: UserType
    public let name: String
    /// `nil` when the account has none.
    public let email: String?
    /// The address of the picture; empty without a picture.
    public let picture: String
    /// A client's company, where it is known.
    public let company: String?

    public init(
        userID: AccountID, userType: UserType, name: String, email: String?, picture: String, company: String? = nil
    ) {
        self.userID = userID
        self.userType = userType
        self.name = name
        self.email = email
        self.picture = picture
        self.company = company
    }
}

/// Talent's answers about files that people stored.
public struct MediaInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.talent

    /// Whether an account stored an image or a video, and it is still there.
    public let owned = Endpoint<MediaQuery, MediaOwnership>(
        "internal.media.owned", .post, "/internal/media/owned", of: Self.self, access: .service(from: [.messages]),
        "Whether a file is an account's")
}

public struct MediaQuery: Model {
    public let mediaID: FileID
    public let userID: AccountID

    public init(mediaID: FileID, userID: AccountID) {
        self.mediaID = mediaID
        self.userID = userID
    }
}

public struct MediaOwnership: Model {
    public let isOwned: Bool

    public init(isOwned: Bool) { self.isOwned = isOwned }
}
