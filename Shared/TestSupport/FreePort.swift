import Glibc

extension PrivateCluster {
    /// A TCP port of 127.0.0.1 that nobody listens on right now.
    ///
    /// The system gives no such port to connections. Otherwise one of them could take it before the server listens, or
    /// while a test has stopped it.
    static func freePort() throws -> UInt16 {
        for _ in 0..<100 {
            let port = UInt16.random(in: 26_000..<32_000)
            if isFree(port) { return port }
        }
        throw Failure.failed(command: "bind", status: errno, output: "no free port")
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
