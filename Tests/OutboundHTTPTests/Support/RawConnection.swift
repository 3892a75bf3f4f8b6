import Glibc

/// The server's end of one connection. Used by its script's thread alone.
final class RawConnection: @unchecked Sendable {  // handed once from the accepting thread to the script's
    /// Counted from 1 in the order of acceptance.
    let number: Int
    private let log: RawServer.Log
    private var socket: Int32
    private var unread: [UInt8] = []

    init(_ socket: Int32, number: Int, log: RawServer.Log) {
        self.socket = socket
        self.number = number
        self.log = log
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes all of it, or as much as the peer takes.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// The next line without its line end, or `nil` when the peer is gone.
    func line() -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread.removeSubrange(...end) }
                return String(
                    decoding: unread[..<end].filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
            }
            guard receive() else { return nil }
        }
    }

    /// Reads and records one request, or `nil` when the peer is gone.
    func request() -> RawRequest? {
        guard let first = line() else { return nil }
        var request = RawRequest(line: first, headers: [:], body: [])
        while let header = line(), !header.isEmpty {
            let parts = header.split(separator: ":", maxSplits: 1)
            request.headers[parts[0].lowercased()] =
                parts.dropFirst().first.map { String($0.drop { $0 == " " }) } ?? ""
        }
        let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
        while unread.count < length { guard receive() else { return nil } }
        request.body = Array(unread.prefix(length))
        unread.removeFirst(length)
        log.record(request)
        return request
    }

    /// Waits until the peer has closed its end.
    func untilClosed() {
        while receive() { unread = [] }
    }

    /// Waits, but not longer than the peer stays.
    ///
    /// - Returns: Whether the peer is still there.
    func wait(milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, milliseconds) == 0
    }

    // Other tests start programs, which may inherit this socket: closing it alone would then tell
    // the peer nothing.

    /// Ends the connection with a reset instead of a proper end.
    func reset() {
        var nowhere = sockaddr()
        nowhere.sa_family = sa_family_t(AF_UNSPEC)
        connect(socket, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
        close()
    }

    func close() {
        guard socket >= 0 else { return }
        shutdown(socket, Int32(SHUT_RDWR))
        Glibc.close(socket)
        socket = -1
    }

    private func receive() -> Bool {
        var room = [UInt8](repeating: 0, count: 16 * 1024)
        let count = recv(socket, &room, room.count, 0)
        guard count > 0 else { return false }
        unread += room.prefix(count)
        return true
    }
}
