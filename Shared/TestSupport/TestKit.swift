import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// The parts of `Kit` that a service under test is composed from: on a new database of the service, with a clock that
/// stands, and with a client that refuses to call inside a transaction.
package struct TestKit: Sendable {
    package let database: Database
    package let clock: TestClock
    package let outbox: Outbox
    package let scheduler: Scheduler
    package let events: EventReceiver
    package let http: OutboundHTTP

    /// Runs `body` with a kit that is torn down afterwards.
    ///
    /// - Parameters:
    ///   - limits: The pace of scheduled work.
    ///   - timing: The pauses between repeated calls.
    package static func use<Result>(
        of service: ServiceName, clock: TestClock = TestClock(), limits: Scheduler.Limits = .init(),
        timing: OutboundTiming = OutboundTiming(), _ body: (TestKit) async throws -> Result
    ) async throws -> Result {
        try await TestDatabase.use(of: service) { database in
            try await use(on: database, clock: clock, limits: limits, timing: timing, body)
        }
    }

    /// Runs `body` with a kit on a database that is there before it and stays after it.
    package static func use<Result>(
        on database: Database, clock: TestClock = TestClock(), limits: Scheduler.Limits = .init(),
        timing: OutboundTiming = OutboundTiming(), _ body: (TestKit) async throws -> Result
    ) async throws -> Result {
        var limits = limits
        // A busy machine is no dead process. A test that needs a lease to end ends it by a statement.
        limits.lease = .minutes(5)
        limits.longestRun = .minutes(10)
        let http = OutboundHTTP(
            logger: .quiet, drainLimit: .milliseconds(10), timing: timing,
            refuseWhen: { Transaction.isOpen || CommitScope.current?.hasOpenTransaction == true })
        let kit = TestKit(
            database: database, clock: clock, outbox: Outbox(database: database, clock: clock),
            scheduler: Scheduler(database: database, clock: clock, limits: limits, logger: .quiet),
            events: EventReceiver(database: database, clock: clock, logger: .quiet), http: http)
        let result = await outcome { try await body(kit) }
        await http.shutdown()
        return try result.get()
    }
}
