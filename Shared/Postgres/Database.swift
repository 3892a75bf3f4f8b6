import Logging
import ServiceLifecycle
import SharedModels

/// A PostgreSQL database, reached over a few connections that one I/O thread owns.
///
/// Statements of all tasks share the pipelined connections; ``transaction(isolation:_:)`` has a
/// connection for itself. The thread and the connections start with the first use, and end with
/// ``close()`` or ``run()``.
package final class Database: SQLExecutor, Service {
    package struct Configuration: Sendable {
        /// A libpq URL or connection string. Give several hosts and `target_session_attrs=read-write` to follow a
        /// failover.
        package var url: String
        /// How many connections single statements share. The first two are for queries, the others for statements that
        /// may write; up to two serve both. Measured: two connections answer queries best, because answers then come
        /// together. Each further one lets one more write wait for its commit; eight handle more applications per
        /// second than six or ten.
        package var pipelinedConnections = 8
        /// How many transactions, streams and the like run at a time. Connections are opened when needed.
        package var transactionConnections = 4
        /// The server gives up on one statement after this time. Shorter than ``deadline``, so that a slow statement
        /// does not cost the connection.
        package var statementTimeout = Duration.seconds(5)
        /// A caller gets an error after this time, time in the queue included. If a statement under way reaches it, the
        /// connection is lost.
        package var deadline = Duration.seconds(10)
        /// Who waits for a connection for longer is refused, so that a caller of a busy service soon knows, and what is
        /// answered is answered soon. Never more than ``deadline``.
        package var queuePatience = Duration.seconds(2)
        /// When nothing comes from a server for so long although it owes an answer, it is asked something short. When it
        /// does not answer that for as long either, it counts as gone. A machine that has too much to do answers within it.
        package var silencePatience = Duration.milliseconds(1500)
        /// How many statements may wait for a connection. One more is refused.
        package var queueLimit = 10_000
        /// The largest result of one statement, in bytes of libpq's memory. While a result arrives its size is only
        /// known roughly, so more can be in use for a moment: about twice as much, and any single row whole.
        package var maximumResultBytes = 64 << 20
        /// The name in `pg_stat_activity`, unless the URL gives one.
        package var applicationName = "guildhall"

        package init(url: String) {
            self.url = url
        }
    }

    /// How busy the client is, for `/metrics`.
    package struct Statistics: Sendable, Equatable {
        /// Of those that single statements share: how many are connected.
        package var pipelinedConnections = 0
        /// Sent and not answered yet.
        package var statementsInFlight = 0
        package var statementsQueued = 0
        /// Of those for transactions: how many are connected.
        package var transactionConnections = 0
        package var transactionsOpen = 0
        package var transactionsQueued = 0
    }

    /// How long a caller waits for a connection after the last one was lost. It is long enough for a server that only
    /// restarted its connections, and short enough that callers soon learn that PostgreSQL is gone. After it every
    /// caller is refused at once, until there is a connection again.
    package static let outagePatience = Duration.milliseconds(500)

    /// How long ``close()`` waits for work under way.
    package static let shutdownLimit = Duration.seconds(10)

    let configuration: Configuration
    private let logger: Logger
    let inbox: Inbox
    private let thread = IOThread()
    private let gauges = Gauges()
    private let execution: TaskExecution

    package init(_ configuration: Configuration, logger: Logger) {
        precondition(configuration.pipelinedConnections > 0 && configuration.transactionConnections > 0)
        precondition(configuration.statementTimeout < configuration.deadline)
        self.configuration = configuration
        self.logger = logger
        inbox = Inbox(limit: configuration.queueLimit)
        execution = TaskExecution(inbox: inbox)
    }

    deinit {
        // Fails only when the thread has already ended.
        try? inbox.submit(.stop)
    }

    /// Waits until PostgreSQL can be reached.
    ///
    /// - Throws: ``PostgresError/misuse(_:)`` when the URL cannot be read, ``PostgresError/connectionLost(reason:)``
    ///   with libpq's reason when no connection was made within `limit`.
    package func connect(within limit: Duration = .seconds(10)) async throws {
        _ = try await run(.statement("SELECT 1"), deadline: .now + limit, outwaitsOutage: true)
    }

    /// Checks that PostgreSQL answers.
    package func ping() async throws {
        _ = try await run(.statement("SELECT 1"), deadline: .now + configuration.deadline)
    }

    /// Whether statements can be sent right now. `false` before the first use.
    package var isHealthy: Bool { gauges.current.pipelinedConnections > 0 && !inbox.isRefusing }

    package var statistics: Statistics { gauges.current }

    /// Waits until the process shuts down, then closes.
    package func run() async throws {
        try start()
        // Cancellation ends it too.
        try? await gracefulShutdown()
        await close()
    }

    /// Takes no new work, waits up to ``shutdownLimit`` for what is under way, and ends the connections
    /// and the thread.
    package func close() async {
        // Fails only when the thread has already ended.
        try? inbox.submit(.stop)
        await thread.join()
        // The thread has answered all requests, unless it never ran.
        for command in inbox.end() { command.refuse(.connectionLost(reason: "the database client is closed")) }
    }

    package func rows(_ sql: SQL) async throws -> Rows {
        if let scope = CommitScope.current, scope.covers(self), scope.hasOpenTransaction || !sql.isReadOnly {
            return try await scope.rows(sql)
        }
        return try await run(.statement(sql), deadline: .now + configuration.deadline)
    }

    package func afterCommit(_ action: @escaping @Sendable () -> Void) {
        if let scope = CommitScope.current, scope.covers(self), scope.adopts(action) { return }
        action()
    }

    /// Runs tasks on the thread of the connections: see ``TaskExecution``.
    ///
    /// - Throws: ``PostgresError/misuse(_:)`` when the URL cannot be read, because without a thread nothing would run.
    package func taskExecution() throws(PostgresError) -> TaskExecution {
        try start()
        return execution
    }

    /// Receives the messages of `NOTIFY` on `channel`, over a dedicated connection that is opened again when it is
    /// lost.
    ///
    /// The stream ends when it is no longer read, or when the database is closed. A reader that is more than 4,096
    /// messages behind gets ``PostgresError/overloaded``.
    ///
    /// - Parameters:
    ///   - limit: How soon it is noticed that the connection is dead, although nothing says so. For readers who would not
    ///     notice by themselves that nothing comes.
    ///   - question: What it is asked for that. A question may send a message to the channel.
    ///   - pause: How often; shorter than the limit. `nil`: each half of it.
    package func listen(
        _ channel: String, noticingLossWithin limit: Duration? = nil, asking question: SQL? = nil,
        every pause: Duration? = nil
    ) -> AsyncThrowingStream<Notification, any Error> {
        let watch = limit.map { limit in
            let pause = pause ?? limit / 2
            return Listener.Watch(question: question ?? Listener.question, pause: pause, patience: limit - pause)
        }
        return AsyncThrowingStream(bufferingPolicy: .bufferingOldest(Listener.bufferLimit)) { continuation in
            let listener = Listener(channel: channel, watch: watch, stream: continuation)
            do {
                try submit(.listen(listener))
            } catch {
                continuation.finish(throwing: error)
            }
            continuation.onTermination = { [inbox] _ in
                // Fails only when the connections are already closed.
                try? inbox.submit(.stopListening(listener))
            }
        }
    }

    /// Hands a command to the I/O thread. Starts the thread if need be.
    func submit(_ command: Command) throws(PostgresError) {
        try start()
        try inbox.submit(command)
    }

    private func run(
        _ content: Request.Content, deadline: MonotonicTime, outwaitsOutage: Bool = false
    ) async throws -> Rows {
        let request = Request(
            content, ifLost: .dependsOnStatement, deadline: deadline,
            patience: outwaitsOutage ? nil : configuration.queuePatience, outwaitsOutage: outwaitsOutage)
        return try await request.value { () throws(PostgresError) in try submit(.run(request)) }
    }

    private func start() throws(PostgresError) {
        guard !thread.isRunning else { return }
        let parameters = try ConnectionParameters(configuration)
        thread.start { [configuration, inbox, gauges, logger] in
            Engine(
                settings: configuration, parameters: parameters, inbox: inbox, gauges: gauges, logger: logger
            ).run()
        }
    }
}
