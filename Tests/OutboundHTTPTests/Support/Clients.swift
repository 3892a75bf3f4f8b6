import Logging
import OutboundHTTP
import Synchronization
import Testing

/// A client, shut down when `body` is done.
@discardableResult
func withClient<Result>(
    maximumConcurrent: Int = 256,
    queueLimit: Int = 1024,
    drainLimit: Duration = .seconds(5),
    timing: OutboundTiming = OutboundTiming(),
    refuseWhen: @escaping @Sendable () -> Bool = { false },
    _ body: (OutboundHTTP) async throws -> Result
) async throws -> Result {
    let client = OutboundHTTP(
        logger: Logger(label: "outbound") { _ in SwiftLogNoOpLogHandler() },
        maximumConcurrent: maximumConcurrent,
        queueLimit: queueLimit, drainLimit: drainLimit, timing: timing, refuseWhen: refuseWhen
    )
    do {
        let result = try await body(client)
        await client.shutdown()
        return result
    } catch {
        await client.shutdown()
        throw error
    }
}

/// A clock that stands still until somebody waits, and notes how long they wanted to wait.
final class StoppedClock: Sendable {
    private let state = Mutex((now: ContinuousClock.now, waits: [Duration]()))

    var waits: [Duration] { state.withLock { $0.waits } }
    func advance(by span: Duration) { state.withLock { $0.now += span } }

    /// Waits end at once; jitter is the most there is.
    var timing: OutboundTiming {
        OutboundTiming(
            now: { self.state.withLock { $0.now } },
            secondsSince1970: { 784_111_777 },  // Sun, 06 Nov 1994 08:49:37 GMT
            sleep: { span in
                try Task.checkCancellation()
                self.state.withLock { state in
                    state.now += span
                    state.waits.append(span)
                }
            },
            jitter: { 1 }
        )
    }
}

extension OutboundHTTP {
    func expect(
        _ status: Int, from request: OutboundRequest, _ policy: OutboundPolicy,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let response = try await send(request, policy)
        #expect(response.status == status, sourceLocation: sourceLocation)
    }
}

extension OutboundRequest {
    static func get(_ url: String, deadline: Duration = .seconds(180)) -> Self {
        .patient(.get, url, deadline: deadline)
    }

    /// With a deadline that no machine reaches.
    static func patient(
        _ method: Method, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        idempotencyKey: String? = nil, deadline: Duration = .seconds(180)
    ) -> Self {
        var request = Self(method, url, headers: headers, body: body, idempotencyKey: idempotencyKey)
        request.deadline = deadline
        return request
    }
}

/// Calls with a deadline that comes soon, and later when the machine is too busy to connect by then.
func expectTimeOut(
    sourceLocation: SourceLocation = #_sourceLocation, _ call: (_ deadline: Duration) async throws -> Void
) async {
    var deadline = Duration.milliseconds(200)
    while true {
        let error = await #expect(throws: OutboundError.self, sourceLocation: sourceLocation) {
            try await call(deadline)
        }
        guard case .connectFailed? = error, deadline < .seconds(60) else {
            #expect(error == .timedOut, sourceLocation: sourceLocation)
            return
        }
        deadline *= 4
    }
}
