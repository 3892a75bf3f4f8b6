import CCurl
import Glibc
import Synchronization

/// A thread that talks to libcurl. Everything that libcurl creates for it lives and dies on this thread.
final class TransferThread: Sendable {
    let inbox: TransferInbox
    private let thread: Mutex<pthread_t?>

    /// Stops the process when the thread or a handle cannot be created. This can only happen at the start.
    init(userAgent: String, maximumConcurrent: Int, queueLimit: Int, counters: OutboundCounters) {
        guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, let multi = curl_multi_init()
        else {
            fatalError("libcurl does not start")
        }
        curl_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, maximumConcurrent)
        curl_multi_setopt_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, maximumConcurrent)
        curl_multi_setopt_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, maximumConcurrent)
        // Other threads may only call `curl_multi_wakeup`. The inbox calls it under its lock and never after it is
        // closed, which happens before the handle is freed. So only the address leaves this function.
        let address = UInt(bitPattern: multi)
        inbox = TransferInbox(limit: maximumConcurrent + queueLimit) {
            _ = curl_multi_wakeup(UnsafeMutableRawPointer(bitPattern: address))
        }
        let body = ThreadBody { [inbox] in
            guard let multi = UnsafeMutableRawPointer(bitPattern: address) else { return }
            TransferLoop(
                multi: multi, inbox: inbox, counters: counters, userAgent: userAgent,
                maximumConcurrent: maximumConcurrent
            ).run()
        }
        thread = Mutex(body.start())
    }

    /// Releases a thread that nobody joined: it finishes its work and then ends.
    deinit {
        inbox.post(.stop(by: .now))
        thread.withLock { thread in
            if let thread { pthread_detach(thread) }
            thread = nil
        }
    }

    /// Ends the thread, at `moment` at the latest, and waits for its end. A repeat is harmless.
    func stop(by moment: ContinuousClock.Instant) async {
        inbox.post(.stop(by: moment))
        await inbox.untilEnded()
        thread.withLock { thread in
            if let thread { pthread_join(thread, nil) }  // it has nothing left to do: microseconds
            thread = nil
        }
    }
}

/// A closure on its way to a new POSIX thread.
private final class ThreadBody: Sendable {
    private let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }

    /// Starts the thread with all signals blocked: they belong to the main thread, and a write by
    /// the TLS library to a closed socket must not end the process with SIGPIPE.
    func start() -> pthread_t {
        let retained = Unmanaged.passRetained(self)
        var all = sigset_t()
        var previous = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<ThreadBody>.fromOpaque(pointer).takeRetainedValue().work()
                return nil
            },
            retained.toOpaque()
        )
        guard code == 0 else { fatalError("no thread could be started: error \(code)") }
        return thread
    }
}
