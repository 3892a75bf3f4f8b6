import SharedModels
import Synchronization

/// The right to send to one destination.
///
/// It is kept for a while after a drain, because the next event often follows soon, and taking it again costs two commits.
final class OutboxLease: Sendable {
    private struct State {
        var heldUntil: ContinuousClock.Instant?
        var usedAt = ContinuousClock.now
    }

    let destination: ServiceName
    private let holder: ClaimID
    private let store: OutboxStore
    private let length: Duration
    private let renewal: Duration
    private let state = Mutex(State())

    init(_ destination: ServiceName, for holder: ClaimID, store: OutboxStore, length: Duration, renewal: Duration) {
        self.destination = destination
        self.holder = holder
        self.store = store
        self.length = length
        self.renewal = renewal
    }

    /// Takes it, unless it is ours for long enough.
    ///
    /// - Returns: `false` when another replica has it.
    func take() async throws -> Bool {
        let isOurs = state.withLock { state in
            state.usedAt = .now
            return state.heldUntil.map { $0 - .now > length / 2 } ?? false
        }
        if isOurs { return true }
        return try await renew()
    }

    /// Renews it until the task is cancelled.
    ///
    /// - Throws: ``LeaseLost``.
    func keep() async throws {
        while true {
            try await Task.sleep(for: renewal)
            do {
                guard try await renew() else { throw LeaseLost() }
            } catch let error as LeaseLost {
                throw error
            } catch {
                try Task.checkCancellation()
                guard let end = state.withLock({ $0.heldUntil }), .now < end else { throw LeaseLost() }
            }
        }
    }

    private func renew() async throws -> Bool {
        let asked = ContinuousClock.now
        let isOurs = try await store.claim(destination, for: holder, lease: length)
        state.withLock { $0.heldUntil = isOurs ? asked + length : nil }
        return isOurs
    }

    var isHeld: Bool { state.withLock { $0.heldUntil != nil } }

    /// Whether it is held, and was not used for `span`.
    func isIdle(for span: Duration) -> Bool {
        state.withLock { $0.heldUntil != nil && .now - $0.usedAt >= span }
    }

    /// Gives it back, even in a cancelled task. If that fails, it expires.
    func release() async {
        guard state.withLock({ $0.heldUntil.take() }) != nil else { return }
        await Task { try? await store.release(destination, of: holder) }.value
    }
}

/// Another replica sends to the destination now.
struct LeaseLost: Error {}
