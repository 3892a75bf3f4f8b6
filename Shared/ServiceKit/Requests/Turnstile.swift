import SharedModels
import Synchronization

/// Lets a few callers through at a time, in the order in which they came; the others wait. For work that would
/// otherwise take up the connections or processors that everything else needs.
package final class Turnstile: Sendable {
    /// Who asks, as far as the gateway tells it of somebody without an account.
    package enum Owner: Hashable, Sendable {
        case account(AccountID)
        case address(String)
    }

    private struct State {
        var inside = 0
        var lastTicket = 0
        var waiting: [Waiter] = []
    }

    private struct Waiter {
        let ticket: Int
        let owner: Owner?
        let continuation: CheckedContinuation<Void, any Error>
    }

    private enum Entry {
        case isFree, isFull, hasShare, isCancelled, mustWait
    }

    private let width: Int
    private let limit: Int
    /// How many of those who wait may be one owner's, so that nobody takes all places.
    private var share: Int { max(1, limit / 4) }
    private let state = Mutex(State())

    /// - Parameters:
    ///   - width: How many may be inside at a time.
    ///   - limit: How many may wait.
    package init(width: Int, limit: Int) {
        self.width = width
        self.limit = limit
    }

    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Runs `body` when it is its turn.
    ///
    /// - Parameter owner: Who asks for it.
    /// - Throws: 429 when too many of the owner wait already, 503 when too many do, `CancellationError`, and what
    ///   `body` throws.
    package func pass<Result>(
        for owner: Owner? = nil, _ body: () async throws -> Result
    ) async throws -> Result {
        try await enter(owner)
        defer { leave() }
        return try await body()
    }

    private func enter(_ owner: Owner?) async throws {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let waiter = Waiter(ticket: ticket, owner: owner, continuation: continuation)
                switch state.withLock({ entry(waiter, &$0) }) {
                case .isFree: continuation.resume()
                case .isFull: continuation.resume(throwing: Refusal.unavailable(retryAfter: .seconds(1)))
                case .hasShare: continuation.resume(throwing: Self.tooMany)
                case .isCancelled: continuation.resume(throwing: CancellationError())
                case .mustWait: break
                }
            }
        } onCancel: {
            giveUp(ticket)
        }
    }

    private static let tooMany = Refusal(
        .rateLimitExceeded, "Too many of your requests wait for their turn already: wait until one has ended.",
        retryAfter: .seconds(1))

    private func entry(_ waiter: Waiter, _ state: inout State) -> Entry {
        // A cancellation after this point finds the ticket among those that wait.
        if Task.isCancelled { return .isCancelled }
        if state.inside < width {
            state.inside += 1
            return .isFree
        }
        guard state.waiting.count < limit else { return .isFull }
        if let owner = waiter.owner, state.waiting.count(where: { $0.owner == owner }) >= share {
            return .hasShare
        }
        state.waiting.append(waiter)
        return .mustWait
    }

    /// Passes the place to the caller who has waited longest.
    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.waiting.isEmpty else {
                state.inside -= 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume()
    }

    private func giveUp(_ ticket: Int) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard let place = state.waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            return state.waiting.remove(at: place).continuation
        }
        waiter?.resume(throwing: CancellationError())
    }
}
