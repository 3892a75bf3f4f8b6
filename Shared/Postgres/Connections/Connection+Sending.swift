import CPostgres
import Synchronization

extension Connection {
    /// Puts a request on the wire. Any error means that the connection is lost; the request is then among ``segments``.
    func send(_ request: Request, sharesCommit: Bool = false) throws(Loss) {
        request.attempts.add(1, ordering: .relaxed)
        switch request.content {
        case .statement(let sql): try send(sql, of: request, sharesCommit: sharesCommit)
        case .script(let text): try sendScript(text, of: request)
        }
    }

    /// Puts writes on the wire that commit together. One whose statement is not prepared yet goes before them, alone.
    func send(together requests: [Request]) throws(Loss) {
        var loss: Loss?
        do throws(Loss) { try sync() } catch { loss = error }
        for request in requests {
            // After a failure too, so that none is forgotten.
            do throws(Loss) { try send(request, sharesCommit: true) } catch { loss = loss ?? error }
        }
        if let loss { throw loss }
        try sync()
    }

    /// Writes as much as the socket takes.
    ///
    /// - Returns: Whether something is left, so that the socket must be watched.
    func flush() throws(Loss) -> Bool {
        switch PQflush(handle) {
        case 0: return false
        case 1: return true
        default: throw .disconnected(errorMessage)
        }
    }

    private func send(_ sql: SQL, of request: Request, sharesCommit: Bool) throws(Loss) {
        let key = StatementKey(text: sql.text, types: sql.parameters.types)
        let joinsBatch =
            use != nil && prepared[key].map { sharesCommit || $0.isReadOnly } == true
            && !request.standsAlone.load(ordering: .relaxed)
        // An error is raised only once the request is among the segments, so that the request is not forgotten.
        var isSent = joinsBatch || endBatch()
        var steps: [Step] = []
        if let begin = pendingBegin {
            pendingBegin = nil
            isSent = isSent && PQsendQueryParams(handle, begin, 0, nil, nil, nil, nil, 1) == 1
            steps.append(Step())
        }
        for earlier in request.before {
            let key = StatementKey(text: earlier.text, types: earlier.parameters.types)
            isSent = isSent && put(earlier, key, &steps)
        }
        isSent = isSent && put(sql, key, &steps)
        segments.append(
            Segment(
                request: request, steps: steps, hasSync: !joinsBatch, sharesCommit: sharesCommit && joinsBatch))
        if joinsBatch {
            unsyncedCount += 1
            if unsyncedCount == Self.batchLimit { isSent = endBatch() && isSent }
        } else {
            isSent = isSent && PQpipelineSync(handle) == 1
        }
        guard isSent else { throw .disconnected(errorMessage) }
    }

    /// Parses a statement, unless it is prepared, and executes it.
    ///
    /// - Returns: Whether the connection accepted it.
    private func put(_ sql: SQL, _ key: StatementKey, _ steps: inout [Step]) -> Bool {
        var isSent = true
        var statement = prepared[key]
        if statement == nil, prepared.count < Self.preparedLimit {
            let new = Prepared(key: key, name: nextStatementName(), isReadOnly: sql.isReadOnly)
            isSent = PQsendPrepare(handle, new.name, sql.text, Int32(key.types.count), key.types) == 1
            prepared[key] = new
            statement = new
            steps.append(Step(statement: new, isParsing: true))
        }
        steps.append(Step(statement: statement))
        return isSent && execute(sql, as: statement)
    }

    /// Sends the `Sync` for what was sent since the last one.
    func sync() throws(Loss) {
        guard endBatch() else { throw .disconnected(errorMessage) }
    }

    /// - Returns: Whether the connection accepted it.
    private func endBatch() -> Bool {
        guard unsyncedCount > 0 else { return true }
        unsyncedCount = 0
        segments.updateLast { $0.hasSync = true }
        return PQpipelineSync(handle) == 1
    }

    private func execute(_ sql: SQL, as statement: Prepared?) -> Bool {
        sql.parameters.withPointers { count, values, lengths, formats in
            if let statement {
                PQsendQueryPrepared(handle, statement.name, count, values, lengths, formats, 1) == 1
            } else {
                PQsendQueryParams(
                    handle, sql.text, count, sql.parameters.types, values, lengths, formats, 1) == 1
            }
        }
    }

    /// Several statements in one text exist only in the simple protocol, outside pipeline mode.
    private func sendScript(_ text: String, of request: Request) throws(Loss) {
        guard isIdle else {
            request.answer.settle(.failure(PostgresError.misuse("a script beside another statement")))
            return
        }
        let begin = pendingBegin.map { "\($0);\n" } ?? ""
        pendingBegin = nil
        segments.append(
            Segment(request: request, steps: [Step()], isScript: true))
        guard PQexitPipelineMode(handle) == 1, PQsendQuery(handle, begin + text) == 1 else {
            throw .disconnected(errorMessage)
        }
    }
}
