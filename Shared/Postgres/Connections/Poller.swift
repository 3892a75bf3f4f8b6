import CPostgres
import Glibc

/// `epoll`, for the I/O thread.
final class Poller {
    private let descriptor: Int32
    private var events = [epoll_event](repeating: epoll_event(), count: 64)

    init() {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(descriptor >= 0, "the process has no file descriptor left")
    }

    deinit {
        close(descriptor)
    }

    /// Watches `watched`, or changes what is waited for.
    func watch(_ watched: Int32, reading: Bool, writing: Bool) {
        let flags = (reading ? EPOLLIN.rawValue : 0) | (writing ? EPOLLOUT.rawValue : 0)
        if epoll_change_descriptor(descriptor, watched, flags) != 0 {
            _ = epoll_add_descriptor(descriptor, watched, flags)
        }
    }

    func forget(_ watched: Int32) {
        _ = epoll_remove_descriptor(descriptor, watched)
    }

    /// Waits for at most `milliseconds` (-1: for ever).
    ///
    /// - Returns: How many descriptors are ready; see ``readyDescriptor(_:)``.
    func wait(milliseconds: Int32) -> Int {
        max(Int(epoll_wait(descriptor, &events, Int32(events.count), milliseconds)), 0)
    }

    func readyDescriptor(_ index: Int) -> Int32 {
        events[index].data.fd
    }

    func isReadable(_ index: Int) -> Bool {
        events[index].events & EPOLLIN.rawValue != 0
    }
}
