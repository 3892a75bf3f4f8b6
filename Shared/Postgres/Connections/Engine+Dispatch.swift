import CPostgres

extension Engine {
    /// Puts waiting work on free connections.
    func dispatch() {
        var group = CommitGroup()
        while let next = waiting.first, let connection = leastBusy(for: next.use) {
            guard let request = waiting.popFirst() else { break }
            if request.answer.isSettled { continue }
            if request.joinsGroups {
                if !group.hasRoom(for: request) { send(together: group.removeAll()) }
                group.append(request)
            } else {
                send(request, on: connection)
            }
        }
        send(together: group.removeAll())
        for connection in pipelined where connection.unsyncedCount > 0 { endBatch(on: connection) }
        while !waitingForLease.isEmpty, let connection = leasable.first(where: \.isFree) {
            guard let request = waitingForLease.popFirst() else { break }
            grant(connection, to: request)
        }
    }

    /// Runs a statement on its leased connection.
    func runLeased(_ request: Request, _ lease: Lease, isEnd: Bool) {
        guard let connection = leased[lease], !connection.isEndingLease else {
            let reason = "the transaction's connection was lost, or the transaction has ended"
            request.answer.settle(.failure(PostgresError.connectionLost(reason: reason)))
            return
        }
        connection.isEndingLease = isEnd
        // A cancelled statement is skipped, but not the end of a transaction.
        if isEnd || !request.answer.isSettled { send(request, on: connection) }
    }

    /// Leaves a server that became read-only, so that the next connection finds the writable one.
    func retire(_ connection: Connection) {
        guard connection.isRetired, connection.isIdle, connection.lease == nil else { return }
        lose(connection, .disconnected("the server takes no writes"))
    }

    /// Takes back a leased connection whose transaction has ended.
    func reclaim(_ connection: Connection) {
        guard connection.isEndingLease, connection.isIdle, let lease = connection.lease else { return }
        if PQtransactionStatus(connection.handle) == PQTRANS_INERROR {
            // What went with the commit failed, so that the server skipped the commit.
            let deadline = MonotonicTime.now + settings.deadline
            return send(Request(.statement("ROLLBACK"), ifLost: .rolledBack, deadline: deadline), on: connection)
        }
        leased[lease] = nil
        connection.lease = nil
        connection.isEndingLease = false
        if !connection.isOutsideTransaction {
            lose(connection, .disconnected("the transaction did not end"))
        }
    }

    /// The least busy connection for `use` that has room, if any. Statements of the same moment go to one connection,
    /// where they share a `Sync` and wake one server process.
    private func leastBusy(for use: Connection.Use) -> Connection? {
        var best: Connection?
        var other: Connection?
        for connection in pipelined where connection.isReady && !connection.isRetired {
            let load = connection.segments.count
            if connection.use == use {
                if use == .queries, connection.unsyncedCount > 0, load < Connection.depthLimit { return connection }
                if load < best?.segments.count ?? Connection.depthLimit { best = connection }
            } else if load < other?.segments.count ?? Connection.depthLimit {
                other = connection
            }
        }
        return best ?? other
    }

    private func grant(_ connection: Connection, to request: LeaseRequest) {
        leaseCount += 1
        let lease = Lease(number: leaseCount)
        guard request.answer.settle(.success(lease)) else { return }
        connection.lease = lease
        connection.pendingBegin = request.isolation.begin
        leased[lease] = connection
    }

    func send(_ request: Request, on connection: Connection) {
        do throws(Connection.Loss) {
            try connection.send(request)
            // Everything that waits for a common `Sync` is written with it.
            if connection.unsyncedCount == 0 { watch(connection, writing: try connection.flush()) }
        } catch {
            lose(connection, error)
        }
    }

    private func send(together requests: [Request]) {
        guard let first = requests.first else { return }
        guard let connection = leastBusy(for: .writes) else { return waiting.prepend(requests) }
        if requests.count == 1 { return send(first, on: connection) }
        do throws(Connection.Loss) {
            try connection.send(together: requests)
            watch(connection, writing: try connection.flush())
        } catch {
            lose(connection, error)
        }
    }

    private func endBatch(on connection: Connection) {
        do throws(Connection.Loss) {
            try connection.sync()
            watch(connection, writing: try connection.flush())
        } catch {
            lose(connection, error)
        }
    }

    func watch(_ connection: Connection, writing: Bool) {
        guard writing != connection.isWriting else { return }
        connection.isWriting = writing
        poller.watch(connection.descriptor, reading: true, writing: writing)
    }
}

extension Connection {
    /// `nil` for connections that are not pipelined.
    var use: Use? { if case .pipelined(let use) = role { use } else { nil } }

    fileprivate var isFree: Bool { isReady && !isRetired && lease == nil && isIdle }
}

extension Command {
    /// Answers a command that will not be carried out.
    func refuse(_ error: PostgresError) {
        switch self {
        case .run(let request), .runLeased(let request, _), .end(let request, _):
            request.answer.settle(.failure(error))
        case .lease(let request): request.answer.settle(.failure(error))
        case .listen(let listener): listener.finish()
        case .set(let alarm): alarm.ring()
        case .resume(let job, _): globalConcurrentExecutor.enqueue(ExecutorJob(job))
        case .stopListening, .stop: break
        }
    }
}
