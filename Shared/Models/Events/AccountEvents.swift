/// Auth announces that somebody signed up. Talent creates a profile, payments a ledger account.
public enum AccountCreated: InternalEvent {
    public typealias Content = NewAccount
    public typealias Reading = NewAccountReading
    public static let name = InternalEventName.accountCreated
    public static let destinations = [ServiceName.talent, .payments]
}

/// Auth announces that something changed that other services copy: the name at GitHub, the mail address, the type.
/// Talent asks auth what is true now.
public enum AccountUpdated: InternalEvent {
    public typealias Content = GitHubNews
    public static let name = InternalEventName.accountUpdated
    public static let destinations = [ServiceName.talent]
}

/// Auth announces that an account was deleted for good. Everything that identifies its owner must be removed.
public enum AccountDeleted: InternalEvent {
    public typealias Content = AccountReference
    public static let name = InternalEventName.accountDeleted
    public static let destinations = [ServiceName.talent, .jobs, .contracts, .payments, .notifications, .messages]
}

/// Auth announces that an admin blocked an account. Its owner can do nothing, and is told nothing, until it is unblocked.
public enum AccountBlocked: InternalEvent {
    public typealias Content = AccountReference
    public static let name = InternalEventName.accountBlocked
    public static let destinations = [ServiceName.notifications]
}

/// Auth announces that an account is blocked no longer.
public enum AccountUnblocked: InternalEvent {
    public typealias Content = AccountReference
    public static let name = InternalEventName.accountUnblocked
    public static let destinations = [ServiceName.notifications]
}

/// The data of events that only name an account.
public struct AccountReference: Model {
    public let userID: AccountID

    public init(userID: AccountID) { self.userID = userID }
}

/// What ``AccountCreated`` carries.
public struct NewAccount: Model {
    public let userID: AccountID
    public let userType: UserType
    public let displayName: String
    /// Whether the owner had an account before.
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
    /// `nil` in events that were sent before this member existed.
    public let isReturning: Bool?
}
