import Glibc
import Synchronization

/// Something that happens once and can be waited for.
final class Signal: Sendable {
    private let state = Mutex((isRaised: false, waiters: [CheckedContinuation<Void, Never>]()))

    func raise() {
        let waiters = state.withLock { state in
            state.isRaised = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isRaised = state.withLock { state in
                if !state.isRaised { state.waiters.append(continuation) }
                return state.isRaised
            }
            if isRaised { continuation.resume() }
        }
    }
}

/// Lets a server's thread wait until the test continues it.
final class Gate: @unchecked Sendable {  // a POSIX semaphore is made for several threads
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func open() { sem_post(semaphore) }
    func wait() { sem_wait(semaphore) }
}
