import Foundation
import Logging
import TestSupport
import Testing

@testable import OutboundHTTP

/// The promise under test: a shutdown takes a bounded time, finishes what it can and leaves nothing behind.
@Suite struct ShutdownTests {
    @Test func `running calls finish, new ones are refused`() async throws {
        let arrived = Signal()
        let goOn = Gate()
        let server = RawServer { connection in
            _ = connection.request()
            arrived.raise()
            goOn.wait()
            connection.write(answer("done"))
        }
        try await withClient { client in
            let call = Task { try await client.send(.get(server.url()), .service) }
            await arrived.wait()
            async let end: Void = client.shutdown()
            try await eventually("it takes no more calls") { await refusal(of: client, server) == .shutDown }
            goOn.open()
            let response = try await call.value
            #expect(response.status == 200)
            await end
            #expect(server.requests.count == 1)
        }
    }

    private func refusal(of client: OutboundHTTP, _ server: RawServer) async -> OutboundError? {
        do {
            _ = try await client.send(
                OutboundRequest(.get, "http://127.0.0.1:1024/"), .userSupplied(.loopback))
            return nil
        } catch {
            return error as? OutboundError
        }
    }

    @Test func `what does not finish in time is ended`() async throws {
        let arrived = Signal()
        let server = RawServer { connection in
            _ = connection.request()
            arrived.raise()
            connection.untilClosed()
        }
        try await withClient(drainLimit: .milliseconds(100)) { client in
            let call = Task { try await client.send(.get(server.url()), .service) }
            await arrived.wait()
            await client.shutdown()
            await client.shutdown()
            await #expect(throws: OutboundError.shutDown) { try await call.value }
        }
    }

    @Test func `a service that is cancelled shuts down`() async throws {
        try await withClient { client in
            let running = Task { try await client.run() }
            running.cancel()
            try await running.value
            await #expect(throws: OutboundError.shutDown) {
                try await client.send(.get("http://127.0.0.1:1/"), .service)
            }
        }
    }

    @Test func `a client that is dropped leaves no thread and no file behind`() async {
        await #expect(processExitsWith: .success) {
            let server = RawServer.answering { _ in answer("") }
            func use(shutDown: Bool) async throws {
                let client = OutboundHTTP(
                    logger: Logger(label: "outbound") { _ in SwiftLogNoOpLogHandler() })
                _ = try await client.send(.get(server.url()), .service)
                if shutDown { await client.shutdown() }
            }
            try await use(shutDown: true)
            let files = try await openFileCount()
            for index in 0..<20 { try await use(shutDown: index.isMultiple(of: 2)) }
            // Of each client at least one would be left. A few more may be what Dispatch has opened meanwhile for itself.
            try await eventually("all files are closed") { try await openFileCount() < files + 10 }
        }
    }
}
