/// Auth tells: somebody signed up. Talent makes a profile of it, payments a place for money.
public enum AccountCreated: InternalEvent {
    public typealias Content = NewAccount
    public typealias Reading = NewAccountReading
    public static let name = InternalEventName.accountCreated
    public static let destinations = [ServiceName.talent, .payments]
}

/// Auth tells: GitHub knows the person by another name now. Talent shows it.
public enum AccountUpdated: InternalEvent {
    public typealias Content = GitHubNews
    public static let name = InternalEventName.accountUpdated
    public static let destinations = [ServiceName.talent]
}

/// Auth tells: the account is gone for good, and so is all that shows whose it was.
public enum AccountDeleted: InternalEvent {
    public typealias Content = AccountReference
    public static let name = InternalEventName.accountDeleted
    public static let destinations = [ServiceName.talent, .jobs, .contracts, .payments, .notifications]
}

/// What events carry that only say whose they are.
public struct AccountReference: Model {
    public let userID: AccountID

    public init(userID: AccountID) { self.userID = userID }
}

/// What ``AccountCreated`` carries.
public struct NewAccount: Model {
    public let userID: AccountID
    public let userType: UserType
    public let displayName: String
    /// Whether its owner had an account before.
    public let isReturning: Bool
    public let githubUsername: String?

    public init(
        userID: AccountID, userType: UserType, displayName: String, isReturning: Bool, githubUsername: String?
    ) {
        self.userID = userID
        self.userType = userType
        self.displayName = displayName
        self.isReturning = isReturning
        self.githubUsername = githubUsername
    }
}

/// What ``AccountUpdated`` carries.
public struct GitHubNews: Model {
    public let userID: AccountID
    public let githubUsername: String?

    public init(userID: AccountID, githubUsername: String?) {
        self.userID = userID
        self.githubUsername = githubUsername
    }
}

/// What other services read of a new account; they ask auth for the rest.
public struct NewAccountReading: Decodable, Sendable {
    public let userID: AccountID
    /// `nil` where it was not told yet.
    public let isReturning: Bool?
}
