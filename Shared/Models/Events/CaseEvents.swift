/// Payments opened a case: something about money that only an admin can settle.
public enum CaseOpened: UserEvent {
    public typealias Content = EscrowCaseView
    public static let name = EventName.caseOpened
    public static let audience = Audience.admins
    public static let isStandard = false
    public static let summary = "A case about money waits for an admin"
}

/// Auth announces that an account is an admin's. Notifications tells it of what concerns admins.
public enum AdminAppointed: InternalEvent {
    public typealias Content = AccountReference
    public static let name = InternalEventName.adminAppointed
    public static let destinations = [ServiceName.notifications]
}
