import Foundation
import Glibc
import Synchronization

/// A TCP server on loopback. Every connection runs a script on a separate thread, so that it can misbehave byte by
/// byte.
final class RawServer: Sendable {
    let port: Int
    private let listener: Int32
    private let log: Log

    /// The state that the connections share.
    final class Log: Sendable {
        fileprivate let state = Mutex((connections: 0, requests: [RawRequest]()))
        fileprivate func connected() -> Int {
            state.withLock {
                $0.connections += 1
                return $0.connections
            }
        }
        func record(_ request: RawRequest) { state.withLock { $0.requests.append(request) } }
    }

    /// - Parameter script: What to do with a connection; it is closed afterwards.
    init(script: @escaping @Sendable (RawConnection) -> Void) {
        let (listener, port) = boundSocket()
        precondition(listen(listener, 1024) == 0, "cannot listen: \(errno)")
        let log = Log()
        self.listener = listener
        self.log = log
        self.port = port
        onThread {
            while case let peer = accept(listener, nil, nil), peer >= 0 {
                let connection = RawConnection(peer, number: log.connected(), log: log)
                onThread {
                    script(connection)
                    connection.close()
                }
            }
            close(listener)
        }
    }

    /// A server that answers every request on a kept-alive connection.
    static func answering(_ answer: @escaping @Sendable (RawRequest) -> String) -> RawServer {
        RawServer { connection in
            while let request = connection.request() { connection.write(answer(request)) }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))  // ends the accepting thread, which closes it
    }

    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Connections accepted so far.
    var connectionCount: Int { log.state.withLock { $0.connections } }
    /// Requests read whole so far.
    var requests: [RawRequest] { log.state.withLock { $0.requests } }
}

struct RawRequest: Sendable {
    var line: String
    var headers: [String: String]
    var body: [UInt8]

    var path: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
    var text: String { String(decoding: body, as: UTF8.self) }
}

func answer(_ body: String, status: String = "200 OK", headers: String = "") -> String {
    "HTTP/1.1 \(status)\r\ncontent-length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
}

/// A port on loopback that is taken, so that nobody else gets it, and refuses every connection.
final class ClosedPort: Sendable {
    private let socket: Int32
    private let port: Int

    init() { (socket, port) = boundSocket() }
    deinit { close(socket) }

    var url: String { "http://127.0.0.1:\(port)/" }
}

private func boundSocket() -> (socket: Int32, port: Int) {
    let bound = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(bound, address, size) == 0 && getsockname(bound, address, &size) == 0
        }
    }
    precondition(isBound, "no port to listen on: \(errno)")
    return (bound, Int(UInt16(bigEndian: address.sin_port)))
}

/// Runs `work` on a new thread. There may be hundreds.
func onThread(_ work: @escaping @Sendable () -> Void) {
    let thread = Thread(block: work)
    thread.stackSize = 512 * 1024
    thread.start()
}
