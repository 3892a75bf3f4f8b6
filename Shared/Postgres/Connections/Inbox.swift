import CPostgres
import Glibc
import Synchronization

/// What callers ask the I/O thread to do.
enum Command: Sendable {
    /// Run on any pipelined connection.
    case run(Request)
    case lease(LeaseRequest)
    /// Run on a leased connection.
    case runLeased(Request, Lease)
    /// Run `COMMIT` or `ROLLBACK`, and give the connection back.
    case end(Request, Lease)
    case listen(Listener)
    case stopListening(Listener)
    case set(Alarm)
    /// Continue a task until it waits again.
    case resume(UnownedJob, TaskExecution)
    /// Finish what is under way, take no new work, and end.
    case stop

    /// Whether it is a caller's task that runs on this thread.
    var isTask: Bool {
        if case .resume = self { true } else { false }
    }

    /// Whether it is refused while PostgreSQL is gone.
    fileprivate var isRefusedInOutage: Bool {
        switch self {
        case .run(let request): !request.outwaitsOutage
        case .lease: true
        case .runLeased, .end, .listen, .stopListening, .set, .resume, .stop: false
        }
    }

    /// Whether it is new work: a full queue and a closed inbox refuse it.
    fileprivate var isNewWork: Bool {
        switch self {
        case .run, .lease, .listen: true
        case .runLeased, .end, .stopListening, .set, .resume, .stop: false
        }
    }
}

/// The only state that callers and the I/O thread share.
final class Inbox: Sendable {
    private struct State {
        var commands = Queue<Command>()
        /// Statements that the I/O thread holds back because every connection is busy.
        var backlog = 0
        var isSleeping = false
        /// When PostgreSQL had been gone for too long to wait for it, and the error for callers; `nil` while it is
        /// there.
        var outage: (from: MonotonicTime, error: PostgresError)?
        /// Whether it takes no tasks for a moment.
        var isHoldingTasksOff = false
        /// Whether it takes no new work.
        var isClosed = false
        /// Whether it takes nothing at all, because nobody reads it any more.
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let limit: Int
    /// Becomes readable when a command arrives while the I/O thread sleeps.
    let descriptor: Int32

    init(limit: Int) {
        self.limit = limit
        descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        precondition(descriptor >= 0, "the process has no file descriptor left")
    }

    deinit {
        close(descriptor)
    }

    /// How many commands the I/O thread has not taken yet.
    var waitingCount: Int { state.withLock { $0.commands.count } }

    /// Whether PostgreSQL has been gone for too long to wait for it.
    var isRefusing: Bool { state.withLock { $0.outage.map { $0.from <= .now } ?? false } }

    /// - Throws: ``PostgresError/overloaded`` when the queue is full,
    ///   ``PostgresError/connectionLost(reason:)`` after closing and while PostgreSQL is gone.
    func submit(_ command: Command) throws(PostgresError) {
        enum Outcome { case done, wake, full, closed, unreachable(PostgresError) }
        let outcome: Outcome = state.withLock { state in
            if state.hasEnded { return .closed }
            if command.isNewWork {
                if state.isClosed { return .closed }
                if let outage = state.outage, outage.from <= .now, command.isRefusedInOutage {
                    return .unreachable(outage.error)
                }
                if state.commands.count + state.backlog >= limit { return .full }
            }
            if case .stop = command { state.isClosed = true }
            state.commands.append(command)
            defer { state.isSleeping = false }
            return state.isSleeping ? .wake : .done
        }
        switch outcome {
        case .done: break
        case .wake: eventfd_write(descriptor, 1)
        case .full: throw .overloaded
        case .closed: throw .connectionLost(reason: "the database client is closed")
        case .unreachable(let error): throw error
        }
    }

    /// Refuses statements and transactions from `start` on, until ``letIn()``.
    func refuse(from start: MonotonicTime, with error: PostgresError) {
        state.withLock { $0.outage = (start, error) }
    }

    /// Admits work again: PostgreSQL can be reached.
    func letIn() {
        state.withLock { $0.outage = nil }
    }

    /// Takes a task that wants to continue, unless so many commands wait that another thread would be faster.
    ///
    /// - Returns: Whether it was taken.
    func submit(_ job: UnownedJob, of execution: TaskExecution) -> Bool {
        let outcome: (isTaken: Bool, mustWake: Bool) = state.withLock { state in
            guard !state.hasEnded, !state.isHoldingTasksOff, state.commands.count < TaskExecution.waitingLimit
            else { return (false, false) }
            state.commands.append(.resume(job, execution))
            defer { state.isSleeping = false }
            return (true, state.isSleeping)
        }
        if outcome.mustWake { eventfd_write(descriptor, 1) }
        return outcome.isTaken
    }

    /// Moves everything that arrived into `commands`, which must be empty.
    func take(into commands: inout Queue<Command>, backlog: Int) {
        state.withLock { state in
            state.isSleeping = false
            state.backlog = backlog
            swap(&state.commands, &commands)
        }
    }

    /// - Returns: Whether the I/O thread may sleep; the next command wakes it.
    func prepareToSleep(backlog: Int) -> Bool {
        state.withLock { state in
            state.backlog = backlog
            state.isSleeping = state.commands.isEmpty
            return state.isSleeping
        }
    }

    /// The I/O thread is awake again, for any reason.
    func endSleep() {
        state.withLock { $0.isSleeping = false }
    }

    /// Takes no tasks until ``letTasksIn()``.
    ///
    /// - Returns: The tasks that wait.
    func holdTasksOff() -> [Command] {
        state.withLock { state in
            state.isHoldingTasksOff = true
            return state.commands.removeAll(where: \.isTask)
        }
    }

    func letTasksIn() {
        state.withLock { $0.isHoldingTasksOff = false }
    }

    /// Takes no more commands.
    ///
    /// - Returns: Those that nobody has read.
    func end() -> [Command] {
        state.withLock { state in
            state.hasEnded = true
            return state.commands.removeAll()
        }
    }

    /// Swallows the wake-up.
    func acknowledge() {
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
    }
}
