import Glibc
import Testing

/// A port of 127.0.0.1 that accepts connections and never answers.
struct SilentPort: ~Copyable {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                // The kernel itself accepts connections up to the backlog.
                bind(descriptor, pointer, length) + listen(descriptor, 64) + getsockname(descriptor, pointer, &length)
            }
        }
        try #require(status == 0)
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Resets the connections.
    consuming func end() {}

    deinit { close(descriptor) }
}
