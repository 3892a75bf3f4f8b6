import ServiceKit
import SharedModels

/// `/sandbox/clock`: reads the clock, waits for it to move, and moves it.
struct ClockRoutes: Sendable {
    /// The longest a reader is held, in seconds.
    private static let longestWait: Int64 = 60

    let clock: SandboxClock

    func register(on routes: RawRoutes) {
        routes.on(.get, "/sandbox/clock", read)
        routes.on(.post, "/sandbox/clock", advance)
    }

    /// `?offset=<known>&wait=<seconds>` answers once the offset differs from the known one, or after the
    /// wait.
    private func read(_ request: RawRequest) async throws -> Answer {
        let query = try request.queryText(["offset", "wait"])
        if let text = query["wait"] {
            guard let seconds = Int64(text), (0...Self.longestWait).contains(seconds) else {
                throw Refusal.validation("wait", "must be a whole number from 0 to \(Self.longestWait)")
            }
            guard let known = query["offset"].flatMap(Double.init), known.isFinite else {
                throw Refusal.validation("offset", "must be the offset that is known, in seconds")
            }
            await request.departure.ending {
                await clock.waitForChange(from: known, atMost: .seconds(seconds))
            }
        }
        return answer
    }

    private func advance(_ request: RawRequest) async throws -> Answer {
        let input = try ControlInput(request.body, members: ["advance_seconds"])
        let seconds = try input.integer("advance_seconds", 0...SandboxClock.longestAdvance)
        guard try await clock.advance(seconds: seconds) else {
            throw Refusal.validation(
                "advance_seconds",
                "must leave the clock less than \(SandboxClock.furthestOffset) seconds ahead")
        }
        return answer
    }

    private var answer: Answer {
        .json(["now": .string("\(clock.now)"), "offset_seconds": .integer(clock.offsetSeconds)])
    }
}
