import Logging
import SharedModels
import Synchronization

extension Engine {
    /// How long one attempt to connect may take, over all hosts of the URL. A host that does not answer at all is given
    /// up after 5 s.
    private static let connectLimit = Duration.seconds(15)
    /// How many pipelined connections are for queries.
    private static let queryConnections = 2
    private static let pauses = (shortest: Duration.milliseconds(50), longest: Duration.milliseconds(800))

    /// Whether another connection is needed.
    var wantsConnection: Bool { wantedRole != nil }

    /// Opens the missing connections, one at a time while PostgreSQL cannot be reached.
    func openConnections() {
        while let role = wantedRole, nextAttempt <= .now {
            open(role)
        }
    }

    private var wantedRole: Connection.Role? {
        if failedAttempts > 0, connections.values.contains(where: { !$0.isReady }) { return nil }
        if isStopping, backlogIsEmpty { return nil }
        if pipelined.count < settings.pipelinedConnections { return .pipelined(wantedUse) }
        let coming = leasable.count { !$0.isReady }
        if waitingForLease.count > coming, leasable.count < settings.transactionConnections {
            return .leasable
        }
        return unheardListeners.first.map { .listening($0) }
    }

    private var wantedUse: Connection.Use {
        pipelined.count { $0.use == .queries } < Self.queryConnections ? .queries : .writes
    }

    private var backlogIsEmpty: Bool { waiting.isEmpty && waitingForLease.isEmpty }

    func open(_ role: Connection.Role) {
        guard let handle = blocking({ parameters.start() }) else { return fail("out of memory") }
        let connection = Connection(
            handle, role: role, maximumResultBytes: settings.maximumResultBytes,
            deadline: .now + Self.connectLimit)
        guard connection.descriptor >= 0 else { return fail(connection.errorMessage) }
        connections[connection.descriptor] = connection
        switch role {
        case .pipelined: pipelined.append(connection)
        case .leasable: leasable.append(connection)
        case .listening(let listener):
            unheardListeners.removeAll { $0 === listener }
            listening.append(connection)
        }
        // libpq's manual: behave as if the first poll had asked for writing.
        poller.watch(connection.descriptor, reading: false, writing: true)
    }

    /// Does the pending work of a connection whose descriptor is ready.
    func proceed(_ connection: Connection, isReadable: Bool) {
        do throws(Connection.Loss) {
            guard connection.isReady else { return try connect(connection) }
            try connection.receive()
            if isReadable { silence = nil }
            watch(connection, writing: try connection.flush())
        } catch {
            return lose(connection, error)
        }
        sendAgain(connection)
        if let listener = connection.listener { hear(connection, listener) }
        reclaim(connection)
        retire(connection)
    }

    private func connect(_ connection: Connection) throws(Connection.Loss) {
        let before = connection.descriptor
        let next = try blocking { () throws(Connection.Loss) in try connection.advanceConnecting() }
        if connection.descriptor != before {
            // libpq has closed the old one itself, which takes it out of epoll.
            connections[before] = nil
            connections[connection.descriptor] = connection
        }
        poller.watch(connection.descriptor, reading: next != .wantsWrite, writing: next == .wantsWrite)
        guard next == .done else { return }
        if failedAttempts > 0 { logger.info("connected to PostgreSQL again") }
        failedAttempts = 0
        nextAttempt = .now
        silence = nil
        if let listener = connection.listener {
            let deadline = MonotonicTime.now + settings.deadline
            try connection.send(
                Request(.statement(listener.statement), ifLost: .rolledBack, deadline: deadline))
        }
    }

    private func hear(_ connection: Connection, _ listener: Listener) {
        if connection.isIdle, !connection.hasAnnounced {
            connection.hasAnnounced = true
            connection.askedAt = .now
            listener.yield(.listening)
        }
        connection.takeNotifications { listener.yield(.message($0)) }
    }

    /// Asks the listening connections whose turn it is whether they still are there. A peer that vanished without a word, or
    /// something on the way that passes nothing on, is noticed by nothing else, as nothing is sent there.
    func question() {
        let now = MonotonicTime.now
        for connection in listening where connection.nextQuestion <= now {
            guard let rule = connection.listener?.watch else { continue }
            connection.askedAt = now
            let question = Request(.statement(rule.question), ifLost: .rolledBack, deadline: now + rule.patience)
            do throws(Connection.Loss) {
                try connection.send(question)
                watch(connection, writing: try connection.flush())
            } catch {
                lose(connection, error)
            }
        }
    }

    func stopListening(_ listener: Listener) {
        unheardListeners.removeAll { $0 === listener }
        for connection in listening {
            if connection.listener === listener { close(connection) }
        }
    }

    /// Notes that PostgreSQL could not be reached, and when to try again: after 50 ms, then twice as long each time, up
    /// to 0.8 s. Callers are refused in the meantime, so the retry must follow soon after the server's return.
    private func fail(_ reason: String) {
        if failedAttempts == 0 {
            logger.warning("cannot connect to PostgreSQL", metadata: ["reason": "\(reason)"])
        }
        lastFailure = reason
        failedAttempts += 1
        let pause = min(Self.pauses.shortest * (1 << min(failedAttempts - 1, 10)), Self.pauses.longest)
        nextAttempt = .now + pause * Double.random(in: 0.75...1.25)
    }

    private func sendAgain(_ connection: Connection) {
        waiting.prepend(connection.returned)
        connection.returned = []
    }

    /// Closes a connection, and makes sure that every request on it is answered.
    func lose(_ connection: Connection, _ loss: Connection.Loss) {
        sendAgain(connection)
        close(connection)
        if connection.isReady {
            lastFailure = loss.reason
            if !isStopping {
                logger.warning("lost a connection to PostgreSQL", metadata: ["reason": "\(loss.reason)"])
            }
        } else {
            fail(loss.reason)
        }
        for request in connection.takeUncommitted() {
            request.answer.settle(.failure(loss.error(for: request, wasFirst: false)))
        }
        let segments = connection.segments.removeAll()
        var again: [Request] = []
        for (position, segment) in segments.enumerated() {
            let request = segment.request
            if position > 0, request.mayRepeat, request.attempts.load(ordering: .relaxed) < 3, !isStopping {
                again.append(request)
            } else {
                request.answer.settle(.failure(loss.error(for: request, wasFirst: position == 0)))
            }
        }
        waiting.prepend(again)
        if let listener = connection.listener, !isStopping { unheardListeners.append(listener) }
    }

    /// Closes the connections that nobody uses, so that new ones take their place. The server ends a slow statement long
    /// before its deadline, so after a deadline it may be silent for all: a new connection shows within a moment, and the
    /// next callers do not wait for a deadline each.
    func closeIdle() {
        for connection in pipelined + leasable where connection.isReady && connection.isIdle && connection.lease == nil
        {
            close(connection)
        }
    }

    /// Removes a connection from all lists. libpq closes it when the last reference goes.
    func close(_ connection: Connection) {
        poller.forget(connection.descriptor)
        connections[connection.descriptor] = nil
        pipelined.removeAll { $0 === connection }
        leasable.removeAll { $0 === connection }
        listening.removeAll { $0 === connection }
        if let lease = connection.lease { leased[lease] = nil }
        if isStopping, let listener = connection.listener { listener.finish() }
    }
}

extension Connection.Loss {
    fileprivate var reason: String {
        switch self {
        case .disconnected(let reason): reason
        case .deadline: "no answer within the deadline"
        case .resultTooLarge: "a result larger than the limit"
        }
    }

    /// What the loss means for a request that was on the wire. The server was working on the first one.
    fileprivate func error(for request: Request, wasFirst: Bool) -> PostgresError {
        let isHarmless =
            switch request.ifLost {
            case .rolledBack: true
            case .dependsOnStatement: request.mayRepeat
            case .unknownOutcome: false
            }
        guard isHarmless else { return .unknownOutcome(reason: reason) }
        switch self {
        case .deadline where wasFirst: return .deadlineExceeded
        case .resultTooLarge where wasFirst: return .resultTooLarge
        default: return .connectionLost(reason: reason)
        }
    }
}
