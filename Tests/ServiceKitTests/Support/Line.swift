import Foundation
import Glibc
import SharedModels
import Synchronization

/// One connection to a service, written and read byte by byte, because the service must also answer what no client
/// library would send.
///
/// Blocking calls run on separate threads. A silence of three minutes is a failure.
final class Line: Sendable {
    enum Failure: Error {
        case refused(errno: Int32)
        /// The service has disconnected too early, or sends nothing. With the last of what it sent.
        case silent(after: String)
    }

    private let socket: Int32
    private let unread = Mutex<[UInt8]>([])

    /// - Throws: ``Failure/refused(errno:)`` when nobody listens.
    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            let reason = errno
            close(socket)
            throw Failure.refused(errno: reason)
        }
        var patience = timeval(tv_sec: 180, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(socket)
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// Sends all of it, or as much as the service takes before it disconnects.
    func send(_ bytes: [UInt8]) async throws {
        try await onThread {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(self.socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Ends the sending side, and goes on listening.
    func endSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// Reads the head of an answer whose body comes in pieces.
    func head() async throws -> Answer {
        try await onThread { Answer(head: try self.read(until: Array("\r\n\r\n".utf8))) }
    }

    /// Reads one chunk of a body that comes in pieces. The last chunk is empty.
    func chunk() async throws -> String {
        try await onThread { String(decoding: try self.readChunk(), as: UTF8.self) }
    }

    /// Reads one whole answer.
    ///
    /// - Parameter method: The request's method. The answer to HEAD has no body, even if its head announces one.
    func answer(to method: String = "GET") async throws -> Answer {
        try await onThread {
            var answer = Answer(head: try self.read(until: Array("\r\n\r\n".utf8)))
            guard method != "HEAD", ![204, 304].contains(answer.status) else { return answer }
            if let length = answer.header("content-length").flatMap(Int.init) {
                answer.bytes = try self.read(length)
            } else if answer.header("transfer-encoding") == "chunked" {
                answer.bytes = try self.readChunks()
            }
            return answer
        }
    }

    func bytes(_ count: Int) async throws -> [UInt8] { try await onThread { try self.read(count) } }

    /// Waits until the service disconnects.
    ///
    /// - Returns: What it sent before that and was not read yet.
    func rest() async throws -> String {
        try await onThread {
            while try self.receive() {}
            return self.said
        }
    }

    /// What was received and not read yet.
    private var said: String { String(decoding: unread.withLock { $0 }, as: UTF8.self) }
    private var silence: Failure { .silent(after: String(said.suffix(200))) }

    private func readChunks() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while case let chunk = try readChunk(), !chunk.isEmpty { bytes += chunk }
        return bytes
    }

    private func readChunk() throws -> [UInt8] {
        let size = String(decoding: try read(until: Array("\r\n".utf8)), as: UTF8.self)
        guard let count = Int(size, radix: 16) else { throw Failure.silent(after: size) }
        let chunk = try read(count)
        _ = try read(2)
        return chunk
    }

    private func read(_ count: Int) throws -> [UInt8] {
        while unread.withLock({ $0.count }) < count {
            guard try receive() else { throw silence }
        }
        return unread.withLock { unread in
            defer { unread.removeFirst(count) }
            return Array(unread.prefix(count))
        }
    }

    /// Reads up to `mark`, which is consumed but not returned.
    private func read(until mark: [UInt8]) throws -> [UInt8] {
        while true {
            let found = unread.withLock { $0.firstRange(of: mark)?.lowerBound }
            if let found {
                defer { unread.withLock { $0.removeFirst(mark.count) } }
                return try read(found)
            }
            guard try receive() else { throw silence }
        }
    }

    /// - Returns: `false` when the service has disconnected.
    private func receive() throws -> Bool {
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(socket, &room, room.count, 0)
        guard count >= 0 || errno == ECONNRESET else { throw silence }
        guard count > 0 else { return false }
        unread.withLock { [room] in $0 += room.prefix(count) }
        return true
    }
}

/// Runs blocking work off the cooperative pool.
private func onThread<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result(catching: work)) }
    }
}
