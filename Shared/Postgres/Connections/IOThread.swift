import CPostgres
import Glibc
import Synchronization

/// A dedicated thread, because libpq must not block the threads that Swift's tasks share.
final class IOThread: Sendable {
    private enum State {
        case notStarted
        case running(pthread_t, waiters: [CheckedContinuation<Void, Never>])
        case ended
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private let state = Mutex(State.notStarted)
    private let isStarted = Atomic(false)

    /// Whether it has been started.
    var isRunning: Bool { isStarted.load(ordering: .acquiring) }

    /// Starts the thread the first time it is called.
    func start(_ body: @escaping @Sendable () -> Void) {
        state.withLock { state in
            guard case .notStarted = state else { return }
            let work = Work { [self] in
                body()
                finish()
            }
            var thread = pthread_t()
            let failure = pthread_create(
                &thread, nil,
                { pointer in
                    guard let pointer else { return nil }
                    name_thread("postgres-io")
                    Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
                    return nil
                }, Unmanaged.passRetained(work).toOpaque())
            precondition(failure == 0, "the process may have no further thread")
            state = .running(thread, waiters: [])
            isStarted.store(true, ordering: .releasing)
        }
    }

    /// Waits until the thread has ended. It can never be started again afterwards.
    func join() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                guard case .running(let thread, let waiters) = state else {
                    state = .ended
                    return true
                }
                state = .running(thread, waiters: waiters + [continuation])
                return false
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// The thread's last act, so that a waiting caller waits only for a moment more.
    private func finish() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            defer { state = .ended }
            guard case .running(let thread, let waiters) = state else { return [] }
            pthread_detach(thread)
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
