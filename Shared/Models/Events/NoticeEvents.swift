/// Notifications announces that an account has a new notice of Skillhouse, so that messages can show it at once.
public enum NoticeAdded: InternalEvent {
    public typealias Content = NoticeItem
    public static let name = InternalEventName.noticeAdded
    public static let destinations: [ServiceName] = [.messages]
}
