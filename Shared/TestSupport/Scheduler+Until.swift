import Logging
import ServiceKit
import ServiceLifecycle

extension Scheduler {
    /// Runs the due work, on the test's clock, until `condition` holds.
    ///
    /// - Parameter what: What the test waits for.
    /// - Throws: ``StillNotSo`` as ``eventually(_:file:line:_:)`` does.
    package func run(
        until what: String, file: StaticString = #fileID, line: UInt = #line, _ condition: () async throws -> Bool
    ) async throws {
        try await run { try await eventually(what, file: file, line: line, condition) }
    }

    /// Does scheduled work while `body` runs. What is under way then ends as it would have ended: otherwise a test would
    /// sometimes leave work half done, or claimed by nobody, because something beside it was what the test waited for.
    package func run<Result>(while body: () async throws -> Result) async throws -> Result {
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: self)], gracefulShutdownSignals: [], logger: .quiet)
        // Work that a test holds up for ever.
        configuration.maximumGracefulShutdownDuration = .seconds(180)
        let group = ServiceGroup(configuration: configuration)
        let running = Task { try await group.run() }
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        return try result.get()
    }
}
