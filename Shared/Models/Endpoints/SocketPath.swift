/// A path at which a service speaks Socket.IO. It is no endpoint: no schema describes what goes over it.
public struct SocketPath: Sendable {
    public let path: String
    public let service: ServiceName

    /// Skillhouse's chat.
    public static let chat = SocketPath(path: "/socket.io/", service: .messages)
    public static let all = [chat]
}
