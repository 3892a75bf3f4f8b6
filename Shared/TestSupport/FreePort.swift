import Glibc

extension PrivateCluster {
    /// A TCP port of 127.0.0.1 that nobody listens on right now.
    ///
    /// The system gives no such port to connections. Otherwise one of them could take it before the server listens, or
    /// while a test has stopped it. Other tests of this machine do not choose it until this process ends.
    static func freePort() throws -> UInt16 {
        for _ in 0..<100 {
            let port = UInt16.random(in: 26_000..<32_000)
            if isFree(port), isReserved(port) { return port }
        }
        throw Failure.failed(command: "bind", status: errno, output: "no free port")
    }

    /// Takes a name of the system that only one process can have, and that goes with it.
    private static func isReserved(_ port: UInt16) -> Bool {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // A name that begins with a zero byte is no file.
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            UnsafeMutableRawBufferPointer(rebasing: path.dropFirst())
                .copyBytes(from: Array("guildhall-test-port-\(port)".utf8))
        }
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        if !isBound { close(socket) }
        return isBound
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
