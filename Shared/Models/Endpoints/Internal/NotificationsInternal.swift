/// Notifications' answers.
public enum NotificationsInternal {
    public static let receiveEvents = InternalEndpoints.receiveEvents(.notifications)
    public static let all: [Operation] = [receiveEvents.operation]
}
