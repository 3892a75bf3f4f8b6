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
        var request = Self(.get, url)
        request.deadline = deadline
        return request
    }
}
