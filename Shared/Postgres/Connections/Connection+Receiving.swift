import CPostgres
import Synchronization

extension Connection {
    /// Reads what has arrived and answers every request that is complete.
    func receive() throws(Loss) {
        try read()
        var separators = 0
        while !segments.isEmpty, PQisBusy(handle) == 0 {
            guard let result = PQgetResult(handle) else {
                // The end of one command's results. Two in a row: libpq has nothing more.
                separators += 1
                if try finishStep() { continue }
                if separators > 1 { break }
                continue
            }
            separators = 0
            try accept(result)
        }
        if PQstatus(handle) == CONNECTION_BAD { throw .disconnected(errorMessage) }
    }

    /// The messages of `NOTIFY` that have arrived.
    func takeNotifications(_ body: (String) -> Void) {
        while let notification = PQnotifies(handle) {
            body(String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
    }

    /// libpq does not say how much of an unfinished result it holds. When a result takes long to arrive, the bytes read
    /// from the socket are counted: each read takes what waits there, up to libpq's buffer (16 KiB unless a row is
    /// larger).
    private func read() throws(Loss) {
        progress.readCount += 1
        let isLong = progress.readCount > 16
        let before = isLong ? Int(unread_bytes(descriptor)) : 0
        guard PQconsumeInput(handle) == 1 else { throw .disconnected(errorMessage) }
        if segments.isEmpty {
            progress.readCount = 0
        } else if isLong {
            progress.receivedBytes += max(min(before, 16_384), before - Int(unread_bytes(descriptor)))
            if progress.receivedBytes > maximumResultBytes { throw .resultTooLarge }
        }
    }

    private func accept(_ result: OpaquePointer) throws(Loss) {
        switch PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            finishSegment()
            return
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            PQclear(progress.answer)
            progress.answer = result
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            progress.isAborted = true
            // A statement whose parsing was skipped is parsed the next time.
            if let step, step.isParsing { forget(step.statement) }
        case PGRES_FATAL_ERROR:
            defer { PQclear(result) }
            guard let error = PostgresError.ServerError(result) else {
                throw .disconnected(errorMessage)
            }
            note(error, isStalePlan: error.sqlState == .undefinedStatement || result.isStalePlan)
        default:
            // A COPY, which this client does not support.
            PQclear(result)
            throw .disconnected("the statement wants to copy data")
        }
        progress.hasResult = true
    }

    private func note(_ error: PostgresError.ServerError, isStalePlan: Bool) {
        if error.sqlState == .readOnlyTransaction { isRetired = true }
        if progress.failure == nil {
            progress.failure = .server(error)
            progress.failed = step?.statement
            progress.isStalePlan = isStalePlan
        }
        guard let step, let statement = step.statement else { return }
        if step.isParsing { statement.failure = .server(error) }
        if step.isParsing || isStalePlan { forget(statement) }
    }

    /// The command whose answer arrives; `nil` for the `Sync`, with which the error of a commit comes.
    private var step: Step? {
        guard let steps = segments.first?.steps, steps.indices.contains(progress.step) else { return nil }
        return steps[progress.step]
    }

    private func forget(_ statement: Prepared?) {
        guard let statement, prepared[statement.key] === statement else { return }
        prepared[statement.key] = nil
    }

    /// - Returns: Whether a command of the first segment ended here.
    private func finishStep() throws(Loss) -> Bool {
        guard progress.hasResult, let segment = segments.first else { return false }
        progress.hasResult = false
        progress.step += 1
        if !segment.hasSync, progress.step == segment.steps.count {
            finishSegment()
            return true
        }
        guard segment.isScript else { return true }
        finishSegment()
        guard PQenterPipelineMode(handle) == 1 else { throw .disconnected(errorMessage) }
        return true
    }

    private func finishSegment() {
        guard let segment = segments.popFirst() else { return }
        let (answer, failure, isStalePlan) = (progress.answer, progress.failure, progress.isStalePlan)
        let failed = progress.failed
        let isLeftOut = progress.isAborted && failure == nil
        progress = Progress()
        let request = segment.request
        if segment.sharesCommit {
            uncommitted.append((request, answer))
            isGroupRefused = isGroupRefused || isLeftOut || failure != nil
            if segment.hasSync { finishGroup() }
        } else if isLeftOut {
            PQclear(answer)
            returnAlone(request)
        } else if let failure {
            PQclear(answer)
            let mayReturn = if case .pipelined = role { isStalePlan } else { false }
            if let cause = isStalePlan ? failed?.failure : nil {
                request.answer.settle(.failure(cause))
            } else if mayReturn, request.attempts.load(ordering: .relaxed) < 3 {
                returned.append(request)
            } else {
                request.answer.settle(.failure(failure))
            }
        } else {
            settle(request, answer)
        }
    }

    /// Answers the writes whose commit was answered. When it was refused, each is tried alone.
    private func finishGroup() {
        let isRefused = isGroupRefused
        isGroupRefused = false
        for write in uncommitted {
            if isRefused {
                PQclear(write.answer)
                returnAlone(write.request)
            } else {
                settle(write.request, write.answer)
            }
        }
        uncommitted.removeAll(keepingCapacity: true)
    }

    /// The writes of a group that is not committed yet, when the connection is lost.
    func takeUncommitted() -> [Request] {
        defer { uncommitted = [] }
        return uncommitted.map { write in
            PQclear(write.answer)
            return write.request
        }
    }

    private func returnAlone(_ request: Request) {
        request.standsAlone.store(true, ordering: .relaxed)
        request.attempts.subtract(1, ordering: .relaxed)
        returned.append(request)
    }

    private func settle(_ request: Request, _ answer: OpaquePointer?) {
        guard let answer else {
            request.answer.settle(.failure(PostgresError.connectionLost(reason: "no answer")))
            return
        }
        let rows = Rows(answer)
        let isTooLarge = rows.memorySize > maximumResultBytes
        request.answer.settle(isTooLarge ? .failure(PostgresError.resultTooLarge) : .success(rows))
    }
}

extension PostgresError.ServerError {
    /// - Returns: `nil` when the error ends the connection: libpq itself reported it, or it was fatal on the server.
    fileprivate init?(_ result: OpaquePointer) {
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
        }
        // The codes of `PG_DIAG_…` in `postgres_ext.h`.
        guard let state = field("C"), let severity = field("V"), severity == "ERROR" else { return nil }
        self.init(
            sqlState: SQLState(rawValue: state), message: field("M") ?? "", detail: field("D"),
            table: field("t"), column: field("c"), constraint: field("n"))
    }
}

extension OpaquePointer {
    /// Whether this failed result says that a prepared statement's columns changed since it was prepared. Only the name
    /// of the C function that raises the error identifies it (`plancache.c`).
    fileprivate var isStalePlan: Bool {
        PQresultErrorField(self, Int32(UnicodeScalar("R").value))
            .map { String(cString: $0) == "RevalidateCachedQuery" } ?? false
    }
}
