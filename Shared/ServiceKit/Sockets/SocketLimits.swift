/// What sockets may cost a process.
struct SocketLimits: Sendable {
    /// Seconds between a server's pings, and after which a client that has not answered one is gone.
    var pingInterval = 25
    var pingTimeout = 20
    /// Seconds in which a client must connect, and in which one that changes to WebSocket must have done so.
    var connectTimeout = 20
    /// A body or a message of a client, in bytes.
    var payload = 64 * 1024
    /// What waits for one client that polls, in bytes.
    var waiting = 2 * 1024 * 1024
    /// Events of one client that wait for their turn. No more is read meanwhile.
    var inbox = 32
    /// The same in bytes.
    var inboxBytes = 128 * 1024
    /// All that waits for or from clients in this process, in bytes.
    var total = 64 * 1024 * 1024
    /// Clients that have not said who they are.
    var strangers = 2000
    /// Those of one address. A poll begins a session and keeps no connection, which the gateway would count.
    var strangersPerAddress = 200
    /// All clients of this process. ``OpenStreams`` bounds them once they are known.
    var clients = 20_000
    /// The sockets of one account in this process.
    var perAccount = 500
    /// Events of one client a second, and how many it may send at once. More are worked for a little later.
    var eventsPerSecond = 20
    var burst = 40
}
