import CCurl
import Logging
import ServiceLifecycle
import SharedModels

/// The only way out of a process: HTTP to services, providers and webhooks, and mail, all through libcurl.
///
/// One I/O thread drives the HTTP transfers to services and providers, another those to URLs of users, a third the mail.
/// Callers only wait. Connections are kept alive and shared. In a service group it comes before the services that use it, so that it is shut down after them.
package final class OutboundHTTP: Sendable {
    private let thread: TransferThread
    /// For URLs that users supplied: however many of them hang, no other call waits, and no connection is shared with
    /// other calls.
    private let guardedThread: SideThread
    /// Mail has a separate thread because libcurl blocks when it ends a mail connection: it says QUIT and waits for the
    /// answer, up to the response time-out (curl, lib/smtp.c, smtp_disconnect). Here only other mails wait with it.
    private let mailThread: SideThread
    private let counters = OutboundCounters()
    private let circuits = CircuitBoard()
    private let logger: Logger
    private let timing: OutboundTiming
    private let drainLimit: Duration
    private let isForbidden: @Sendable () -> Bool

    /// - Parameters:
    ///   - maximumConcurrent: Transfers under way at once, streams included; also the number of connections kept.
    ///   - queueLimit: How many transfers may wait beyond those. More are refused as overloaded.
    ///   - drainLimit: How long running calls may go on after a shutdown begins.
    ///   - refuseWhen: Says when a call is a bug: inside a database transaction.
    package init(
        userAgent: String = "Guildhall",
        logger: Logger,
        maximumConcurrent: Int = 256,
        queueLimit: Int = 1024,
        drainLimit: Duration = .seconds(5),
        timing: OutboundTiming = OutboundTiming(),
        refuseWhen isForbidden: @escaping @Sendable () -> Bool = { false }
    ) {
        thread = TransferThread(
            userAgent: userAgent, maximumConcurrent: maximumConcurrent, queueLimit: queueLimit,
            counters: counters
        )
        guardedThread = SideThread(
            userAgent: userAgent, maximumConcurrent: 1024, queueLimit: 1024, counters: counters)
        // One server takes all our mail, and servers seldom accept more than a few connections from one client.
        mailThread = SideThread(userAgent: userAgent, maximumConcurrent: 4, queueLimit: 256, counters: counters)
        self.logger = logger
        self.timing = timing
        self.drainLimit = drainLimit
        self.isForbidden = isForbidden
    }

    /// Sends `request` and waits for the whole answer. Tries again where `policy` allows it.
    ///
    /// - Returns: The answer with any status. After the last attempt this can be an answer that asked to try again.
    /// - Throws: ``OutboundError``, or `CancellationError` when the task is cancelled.
    package func send(_ request: OutboundRequest, _ policy: OutboundPolicy) async throws
        -> OutboundResponse
    {
        let target = try check(request, policy)
        let lines = try HeaderLines.of(request)
        let deadline = timing.now() + request.deadline
        var attempt = 1
        var isUncertain = false
        while true {
            let remaining = deadline - timing.now()
            let timeout = policy.retry.timeout(attempt: attempt, remaining: remaining)
            let order = order(request, policy, lines, timeout: timeout)
            let result = try await withCircuit(policy, target) {
                try await exchange(Exchange(order), through: inbox(for: policy))
            }
            let outcome = outcome(of: result)
            let wait = policy.retry.delay(
                after: outcome, attempt: attempt, remaining: deadline - timing.now(),
                jitter: timing.jitter()
            )
            guard let wait else {
                var response = try result.get()
                response.followsUncertainAttempt = isUncertain
                return response
            }
            isUncertain = isUncertain || outcome.mayHaveActed
            logger.info(
                "outbound call is tried again",
                metadata: [
                    "target": "\(target.authority)", "attempt": "\(attempt)", "wait": "\(wait)",
                ]
            )
            counters.add(\.retries)
            try await timing.sleep(wait)
            attempt += 1
        }
    }

    /// Sends `request` and hands out the body as it arrives, as for server-sent events. One attempt on a new connection, no
    /// retry: a connection that was kept leads to the replica that it always led to.
    ///
    /// Returns once the head has arrived. The request's deadline covers that wait; `idleTimeout` covers each later
    /// silence.
    ///
    /// - Throws: As ``send(_:_:)``.
    package func stream(_ request: OutboundRequest, _ policy: OutboundPolicy) async throws
        -> OutboundStream
    {
        let target = try check(request, policy)
        let buffer = StreamBuffer()
        var order = try order(request, policy, HeaderLines.of(request), timeout: request.deadline)
        order.stream = buffer
        order.idleTimeout = request.idleTimeout
        order.isForReader = request.isForReader
        let pending = Exchange(order)
        let inbox = try inbox(for: policy)
        let head = try await withCircuit(policy, target) {
            try await exchange(pending, through: inbox)
        }.get()
        return OutboundStream(head: head, buffer: buffer, exchange: pending, inbox: inbox)
    }

    /// Hands `mail` to the server at `smtpURL` (`smtp[s]://[user:password@]host[:port]`). One attempt.
    ///
    /// TLS is used when the server offers STARTTLS, and required when the URL has a password,
    /// unless the server is on this machine.
    ///
    /// - Throws: ``OutboundError``: ``OutboundError/mailRefused(status:)`` when the server refused the mail.
    package func sendMail(
        _ mail: OutboundMail,
        smtpURL: String,
        deadline: Duration = .seconds(30)
    ) async throws {
        try refuseInsideTransaction()
        let order = try MailOrder.of(mail, smtpURL: smtpURL, deadline: .now + deadline)
        _ = try await exchange(Exchange(order), through: mailThread.inbox())
    }

    package var statistics: OutboundStatistics {
        var current = counters.current
        current.outstanding =
            thread.inbox.outstandingCount + guardedThread.outstandingCount + mailThread.outstandingCount
        current.openCircuits = circuits.openCount
        return current
    }
}

// MARK: - Life

extension OutboundHTTP: Service {
    /// Waits for the graceful shutdown, then shuts down.
    package func run() async throws {
        // Both cancellation and a graceful shutdown mean that it is time to stop.
        try? await gracefulShutdown()
        await shutdown()
    }

    /// Refuses new calls, ends streams, lets running calls finish within the drain limit, and ends
    /// the I/O threads.
    package func shutdown() async {
        let moment = ContinuousClock.now + drainLimit
        async let mailEnd: Void = mailThread.stop(by: moment)
        async let guardedEnd: Void = guardedThread.stop(by: moment)
        await thread.stop(by: moment)
        _ = await (mailEnd, guardedEnd)
    }
}

// MARK: - One attempt

extension OutboundHTTP {
    func inbox(for policy: OutboundPolicy) throws(OutboundError) -> TransferInbox {
        policy.egress == nil ? thread.inbox : try guardedThread.inbox()
    }

    private func refuseInsideTransaction() throws(OutboundError) {
        guard isForbidden() else { return }
        logger.error("network call inside a database transaction")
        throw .insideTransaction
    }

    private func check(_ request: OutboundRequest, _ policy: OutboundPolicy) throws(OutboundError)
        -> TargetURL
    {
        try refuseInsideTransaction()
        let target = try TargetURL(request.url)
        if let egress = policy.egress { try egress.check(target) }
        guard target.scheme == "http" || target.scheme == "https", target.user == nil,
            target.password == nil
        else {
            throw .invalidURL
        }
        if policy.requiresIdempotencyKey, request.method.isWrite, request.idempotencyKey == nil {
            throw .missingIdempotencyKey
        }
        return target
    }

    private func order(
        _ request: OutboundRequest,
        _ policy: OutboundPolicy,
        _ lines: [String],
        timeout: Duration
    ) -> TransferOrder {
        TransferOrder(
            content: .http(request.method, body: request.body),
            url: request.url,
            headerLines: lines,
            deadline: .now + timeout,
            connectTimeout: policy.connectTimeout,
            maximumResponseBytes: request.maximumResponseBytes,
            egress: policy.egress,
            isDelivery: policy.isDelivery,
            mayBeResent: request.method.isIdempotent || request.idempotencyKey != nil || policy.isDelivery
        )
    }

    /// A transfer whose body comes through `buffer`.
    func uploading(
        _ request: OutboundRequest, from buffer: UploadBuffer, _ policy: OutboundPolicy
    ) throws -> TransferOrder {
        _ = try check(request, policy)
        var order = try order(request, policy, HeaderLines.of(request), timeout: request.deadline)
        order.upload = buffer
        order.mayBeResent = false
        return order
    }

    func exchange(
        _ exchange: Exchange,
        through inbox: TransferInbox
    ) async throws -> OutboundResponse {
        try Task.checkCancellation()
        try inbox.start(exchange)
        counters.add(\.attempts)
        do {
            let response = try await withTaskCancellationHandler {
                try await exchange.response()
            } onCancel: {
                if exchange.settle(.failure(CancellationError())) { inbox.post(.cancel(exchange)) }
            }
            counters.add(\.answered)
            return response
        } catch let error as OutboundError {
            counters.add(\.failed)
            throw error
        }
    }

    /// Makes one attempt if the target's circuit breaker allows it, and tells the breaker the outcome.
    ///
    /// - Throws: `CancellationError`, and ``OutboundError/circuitOpen(target:)``. Other failures are in the result.
    private func withCircuit(
        _ policy: OutboundPolicy,
        _ target: TargetURL,
        attempt: () async throws -> OutboundResponse
    ) async throws -> Result<OutboundResponse, OutboundError> {
        guard policy.hasCircuitBreaker else {
            do { return .success(try await attempt()) } catch let error as OutboundError {
                return .failure(error)
            }
        }
        try circuits.admit(target.authority, at: timing.now())
        do {
            let response = try await attempt()
            note(.success, target)
            return .success(response)
        } catch let error as OutboundError {
            note(error.countsAgainstTarget ? .failure : .abandoned, target)
            return .failure(error)
        } catch {
            note(.abandoned, target)
            throw error
        }
    }

    private func note(_ outcome: CircuitBreaker.Outcome, _ target: TargetURL) {
        guard circuits.record(outcome, for: target.authority, at: timing.now()) else { return }
        counters.add(\.circuitsOpened)
        logger.warning(
            "a target keeps failing and is not called for a while", metadata: ["target": "\(target.authority)"])
    }

    private func outcome(of result: Result<OutboundResponse, OutboundError>) -> AttemptOutcome {
        switch result {
        case .success(let response):
            let retryAfter = response.header("retry-after").flatMap {
                RetryAfter.parse($0, now: timing.secondsSince1970())
            }
            return .answered(status: response.status, retryAfter: retryAfter)
        case .failure(.connectFailed): return .connectFailed
        case .failure(.timedOut): return .timedOut
        case .failure(.transport): return .broken
        case .failure: return .hopeless
        }
    }
}

extension OutboundError {
    /// Whether the outcome suggests that the target is in trouble.
    fileprivate var countsAgainstTarget: Bool {
        switch self {
        case .connectFailed, .timedOut, .transport: true
        case .responseTooLarge, .egressRefused, .invalidURL, .invalidHeader, .invalidMail,
            .mailRefused, .mailboxRefused,
            .circuitOpen, .overloaded, .missingIdempotencyKey, .insideTransaction, .shutDown:
            false
        }
    }
}
