import Logging
import SharedModels

/// The I/O thread's work: it owns every connection and moves requests over them.
///
/// Single-statement requests are multiplexed over the pipelined connections. A lease gives one caller a connection of
/// the second set. Not `Sendable`: created and used on the I/O thread only. Callers reach it through the ``Inbox``.
final class Engine {
    let settings: Database.Configuration
    let parameters: ConnectionParameters
    let inbox: Inbox
    let gauges: Gauges
    let logger: Logger
    let poller = Poller()

    /// All connections, those still connecting included.
    var connections: [Int32: Connection] = [:]
    var pipelined: [Connection] = []
    var leasable: [Connection] = []
    var listening: [Connection] = []
    var leased: [Lease: Connection] = [:]
    var leaseCount: UInt64 = 0
    /// Subscriptions without a connection.
    var unheardListeners: [Listener] = []

    private var alarms: [Alarm] = []

    var waiting = WaitingLine<Request>()
    var waitingForLease = WaitingLine<LeaseRequest>()

    /// Failed attempts to connect, in a row.
    var failedAttempts = 0
    var nextAttempt = MonotonicTime.now
    var lastFailure = "not connected yet"
    private var hasConnected = false
    /// `nil` while the server owes no answer, and when something has just come from it.
    var silence: Silence?
    /// When callers begin to be refused because the last connection was lost, or the server is silent; `nil` while there
    /// is a connection that it answers on, and before the first.
    private var refusesFrom: MonotonicTime?
    /// When to stop in spite of unfinished work; `nil` unless stopping.
    var stopDeadline: MonotonicTime?

    /// How many tasks run before the connections are looked at again: enough that their requests go out together, and
    /// few enough that answers do not wait long.
    private static let tasksInARow = 16

    /// Commands taken from the inbox but not carried out yet.
    private var commands = Queue<Command>()

    init(
        settings: Database.Configuration, parameters: ConnectionParameters,
        inbox: Inbox, gauges: Gauges, logger: Logger
    ) {
        self.settings = settings
        self.parameters = parameters
        self.inbox = inbox
        self.gauges = gauges
        self.logger = logger
        poller.watch(inbox.descriptor, reading: true, writing: false)
    }

    var isStopping: Bool { stopDeadline != nil }

    /// Works until it is told to stop and all accepted work is finished.
    func run() {
        while !isFinished {
            carryOut()
            dispatch()
            noteSilence()
            noteOutage()
            openConnections()
            question()
            gauges.update(from: self)
            // After the stop command with nothing left to do, no event would end the wait.
            let maySleep = commands.isEmpty && !isFinished && inbox.prepareToSleep(backlog: backlog)
            let now = MonotonicTime.now
            let pause = maySleep ? nextEvent.milliseconds(from: now) : 0
            let ready = poller.wait(milliseconds: pause)
            // Work that is done now must not wake a thread that is already awake.
            if maySleep { inbox.endSleep() }
            for index in 0..<ready {
                handleReady(poller.readyDescriptor(index), isReadable: poller.isReadable(index))
            }
            expire()
            ring()
        }
        leave()
    }

    /// Does what callers ask, and what the tasks among them ask in turn, so that all of it goes out together.
    private func carryOut() {
        var tasks = 0
        while tasks < Self.tasksInARow, let command = nextCommand() {
            if case .resume = command { tasks += 1 }
            handle(command)
        }
    }

    private func nextCommand() -> Command? {
        if commands.isEmpty { inbox.take(into: &commands, backlog: backlog) }
        return commands.popFirst()
    }

    /// Does work that may block, such as looking up a host's address. Meanwhile tasks run on Swift's threads.
    func blocking<Result, Failure: Error>(_ work: () throws(Failure) -> Result) throws(Failure) -> Result {
        for command in inbox.holdTasksOff() + commands.removeAll(where: \.isTask) { command.refuse(unreachable) }
        defer { inbox.letTasksIn() }
        return try work()
    }

    private var backlog: Int { waiting.count + waitingForLease.count }

    private var isFinished: Bool {
        guard let stopDeadline else { return false }
        let isDrained =
            waiting.isEmpty && waitingForLease.isEmpty && leased.isEmpty
            && pipelined.allSatisfy(\.isIdle) && leasable.allSatisfy(\.isIdle)
        return isDrained || stopDeadline <= .now
    }

    /// When something is due even if nothing arrives.
    private var nextEvent: MonotonicTime {
        var next = min(waiting.nextExpiry, waitingForLease.nextExpiry, nextOfSilence)
        for connection in connections.values { next = min(next, connection.deadline, connection.nextQuestion) }
        for alarm in alarms where !alarm.isOver { next = min(next, alarm.due) }
        if wantsConnection { next = min(next, nextAttempt) }
        if let refusesFrom, refusesFrom > .now, backlog > 0 { next = min(next, refusesFrom) }
        return min(next, stopDeadline ?? .distantFuture)
    }

    private func handle(_ command: Command) {
        switch command {
        case .run(let request): waiting.append(request)
        case .lease(let request): waitingForLease.append(request)
        case .runLeased(let request, let lease): runLeased(request, lease, isEnd: false)
        case .end(let request, let lease): runLeased(request, lease, isEnd: true)
        case .listen(let listener): unheardListeners.append(listener)
        case .resume(let job, let execution): job.runSynchronously(on: execution.asUnownedTaskExecutor())
        case .stopListening(let listener): stopListening(listener)
        case .set(let alarm): alarms.append(alarm)
        case .stop: beginToStop()
        }
    }

    private func handleReady(_ descriptor: Int32, isReadable: Bool) {
        if descriptor == inbox.descriptor {
            inbox.acknowledge()
        } else if let connection = connections[descriptor] {
            proceed(connection, isReadable: isReadable)
        }
    }

    /// Tells the inbox when PostgreSQL is gone and when it is back. This happens before looking up its address may
    /// block the thread, so that callers are refused in the meantime.
    private func noteOutage() {
        let isSilent = isSilent
        if !isSilent, pipelined.contains(where: \.isReady) {
            hasConnected = true
            guard refusesFrom != nil else { return }
            refusesFrom = nil
            inbox.letIn()
        } else if hasConnected, refusesFrom == nil {
            if isSilent {
                lastFailure = "the server does not answer"
                logger.warning("PostgreSQL does not answer")
                giveUpReads()
            }
            let start = MonotonicTime.now + (isSilent ? .zero : Database.outagePatience)
            refusesFrom = start
            inbox.refuse(from: start, with: unreachable)
        }
    }

    /// Refuses the work that came in before the outage was known to last.
    private func refuseWaiting() {
        for request in waiting.removeAll() {
            if request.outwaitsOutage {
                waiting.append(request)
            } else {
                request.answer.settle(.failure(unreachable))
            }
        }
        for request in waitingForLease.removeAll() { request.answer.settle(.failure(unreachable)) }
    }

    /// Gives up on everything that is overdue.
    private func expire() {
        let now = MonotonicTime.now
        if let refusesFrom, refusesFrom <= now, backlog > 0 { refuseWaiting() }
        for connection in connections.values where connection.deadline <= now {
            guard connection.isReady else {
                lose(connection, .disconnected("connecting took too long"))
                continue
            }
            lose(connection, .deadline)
            // One that only listens is asked so often that it may be slow alone.
            if connection.listener == nil { closeIdle() }
        }
        let isConnected = pipelined.contains(where: \.isReady)
        for request in waiting.removeExpired(now, isServed: isConnected) {
            request.answer.settle(.failure(isConnected ? request.reason(at: now) : unreachable))
        }
        let canLease = leasable.contains(where: \.isReady)
        for request in waitingForLease.removeExpired(now, isServed: canLease) {
            request.answer.settle(.failure(canLease ? request.reason(at: now) : unreachable))
        }
    }

    /// Makes the calls that are due.
    private func ring() {
        guard !alarms.isEmpty else { return }
        let now = MonotonicTime.now
        let due = alarms.filter { $0.due <= now }
        alarms.removeAll { $0.due <= now || $0.isOver }
        for alarm in due { alarm.ring() }
    }

    var unreachable: PostgresError { .connectionLost(reason: lastFailure) }

    private func beginToStop() {
        guard !isStopping else { return }
        stopDeadline = .now + Database.shutdownLimit
        for connection in listening { close(connection) }
        for listener in unheardListeners { listener.finish() }
        unheardListeners = []
    }

    private func leave() {
        for connection in Array(connections.values) {
            lose(connection, .disconnected("the database client is closed"))
        }
        let closed = PostgresError.connectionLost(reason: "the database client is closed")
        for request in waiting.removeAll() { request.answer.settle(.failure(closed)) }
        for request in waitingForLease.removeAll() { request.answer.settle(.failure(closed)) }
        for command in commands.removeAll() + inbox.end() { command.refuse(closed) }
        for alarm in alarms { alarm.ring() }
        gauges.update(from: self)
    }
}
