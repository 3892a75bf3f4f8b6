import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: never more callers inside than the width, everybody's turn comes, and nobody waits in vain.
@Suite struct TurnstileTests {
    private let turnstile = Turnstile(width: 2, limit: 3)

    @Test func `as many as its width are inside, and all have been in the end`() async throws {
        let turnstile = Turnstile(width: 3, limit: 100)
        let inside = Shared((now: 0, most: 0))
        let results = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try await turnstile.pass {
                        inside.change { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                        for _ in 0..<10 { await Task.yield() }
                        inside.change { $0.now -= 1 }
                        return number
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.sorted() == Array(0..<50))
        #expect(inside.value.most <= 3 && inside.value.now == 0)
    }

    /// Fills both places and makes `waiting` callers wait behind them. Lets all of them go when `body` has ended.
    private func full(waiting: Int, _ body: ([Task<Void, any Error>]) async throws -> Void) async throws {
        let (doors, inside) = (Shared([AsyncStream<Void>.Continuation]()), Shared([Task<Void, any Error>]()))
        for _ in 0..<2 {
            let (door, opener) = AsyncStream<Void>.makeStream()
            let task = Task { [turnstile] in
                try await turnstile.pass {
                    doors.change { $0.append(opener) }
                    for await _ in door {}
                }
            }
            inside.change { $0.append(task) }
        }
        try await eventually("both places are taken") { doors.value.count == 2 }
        let waiters = (0..<waiting).map { _ in Task { [turnstile] in try await turnstile.pass {} } }
        try await eventually("the others wait") { turnstile.waitingCount == waiting }
        try await body(waiters)
        for door in doors.value { door.finish() }
        for task in inside.value { try await task.value }
    }

    @Test func `one more than may wait is told to come back`() async throws {
        try await full(waiting: 3) { _ in
            let refusal = await #expect(throws: Refusal.self) { try await turnstile.pass {} }
            #expect(refusal?.code == .serviceUnavailable && refusal?.retryAfter == .seconds(1))
        }
        try await turnstile.pass {}
    }

    @Test func `one owner takes a quarter of the places to wait at, and the others are left`() async throws {
        let turnstile = Turnstile(width: 1, limit: 8)
        let (door, opener) = AsyncStream<Void>.makeStream()
        let (busy, other) = (Turnstile.Owner.address("4:7f000001"), Turnstile.Owner.account(.make(at: .start)))
        func wait(_ owner: Turnstile.Owner?, behind count: Int) async throws -> Task<Void, any Error> {
            let task = Task { try await turnstile.pass(for: owner) { for await _ in door {} } }
            try await eventually("\(count) wait") { turnstile.waitingCount == count }
            return task
        }
        let begun = Shared(false)
        let first = Task {
            try await turnstile.pass(for: busy) {
                begun.change { $0 = true }
                for await _ in door {}
            }
        }
        try await eventually("one is inside") { begun.value }
        var waiting = [try await wait(busy, behind: 1), try await wait(busy, behind: 2)]
        let refusal = await #expect(throws: Refusal.self) { try await turnstile.pass(for: busy) {} }
        #expect(refusal?.code == .rateLimitExceeded && refusal?.retryAfter == .seconds(1))
        waiting.append(try await wait(other, behind: 3))
        waiting.append(try await wait(nil, behind: 4))
        opener.finish()
        for task in [first] + waiting { try await task.value }
        try await turnstile.pass(for: busy) {}
    }

    @Test func `who is cancelled while waiting leaves the place to others`() async throws {
        try await full(waiting: 3) { waiters in
            waiters[1].cancel()
            await #expect(throws: CancellationError.self) { try await waiters[1].value }
            #expect(turnstile.waitingCount == 2)
        }
        try await turnstile.pass {}
    }

    @Test func `an error inside gives the place back`() async throws {
        struct Failure: Error {}
        for _ in 0..<5 { await #expect(throws: Failure.self) { try await turnstile.pass { throw Failure() } } }
        try await turnstile.pass {}
    }
}
