/// The ports that a URL of a user may name: those of the web, and the high ones where no well-known service listens that
/// could take an HTTP request for its own.
enum EgressPorts {
    static let closed =
        "the port is not allowed: take 80, 443, or one of 1024 or higher that no other well-known service has"

    /// Databases, caches, queues, remote desktops, and the controls of clusters and proxies.
    private static let known: Set<Int> = [
        1433, 1521, 1883, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4369, 5432, 5433, 5672, 5900, 5984, 6000,
        6379,
        6380, 6443, 6666, 6667, 7000, 7001, 8125, 8500, 8600, 9042, 9092, 9160, 9200, 9300, 10250, 10255, 11211, 15672,
        25672,
        27017, 27018, 50000, 61613, 61616,
    ]

    static func allows(_ port: Int) -> Bool {
        port == 80 || port == 443 || (1024...65_535).contains(port) && !known.contains(port)
    }
}
