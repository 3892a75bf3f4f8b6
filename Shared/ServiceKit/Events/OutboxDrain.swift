import Logging
import SharedModels

/// Sends everything that waits for one destination, unless another replica is doing it.
///
/// The lease is renewed in the background for as long as this takes. When it is lost, sending stops. Afterwards it is kept,
/// except after a failure.
struct OutboxDrain: Sendable {
    let destination: ServiceName
    let lease: OutboxLease
    let store: OutboxStore
    let limits: OutboxRelay.Limits
    let clock: any DomainClock
    let logger: Logger
    let deliver: OutboxRelay.Deliver
    let isStopping: @Sendable () -> Bool

    /// - Returns: `false` when another replica is doing it.
    func run() async throws -> Bool {
        do {
            guard try await lease.take() else { return false }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await lease.keep() }
                group.addTask { try await send() }
                defer { group.cancelAll() }
                _ = try await group.next()
            }
            return true
        } catch {
            await lease.release()
            throw error
        }
    }

    /// Sends batch after batch.
    ///
    /// When a destination refuses what is in a batch, the next batch is half as large, until the refused
    /// event is found. What is committed after the last look gets another drain.
    private func send() async throws {
        var limit = limits.batch
        while !isStopping() {
            let (entries, isAll) = try await store.first(limit, bytes: limits.bytes, for: destination)
            guard !entries.isEmpty else { return }
            let isTaken = try await hand(entries)
            if isTaken, isAll { return }
            limit = isTaken ? min(limits.batch, max(entries.count, limit) * 2) : max(1, entries.count / 2)
        }
    }

    /// Hands over `entries`: those that were refused before each by itself, then the rest together.
    ///
    /// - Returns: Whether the rest was taken.
    private func hand(_ entries: [OutboxStore.Entry]) async throws -> Bool {
        var batch: [(entry: OutboxStore.Entry, event: JSONValue)] = []
        for entry in entries {
            switch entry.event {
            case .failure(let error):
                try await bury(entry, reason: "the row cannot be read: \(error)")
            case .success(let event) where entry.wasRefused:
                try await handAlone(entry, event.json)
            case .success(let event):
                batch.append((entry, event.json))
            }
        }
        if batch.count == 1 {
            try await handAlone(batch[0].entry, batch[0].event)
            return true
        }
        guard !batch.isEmpty else { return true }
        do {
            try await deliver(destination, EventBatch(events: batch.map(\.event)))
        } catch let refusal as PeerRefusal where refusal.isAboutTheBody {
            return false
        }
        try await store.delete(batch.map(\.entry.position), for: destination)
        return true
    }

    /// Hands over one event. If it is refused, it and later events about the same thing wait, and all others go on. Refused
    /// again and again over some minutes, it becomes a dead letter.
    private func handAlone(_ entry: OutboxStore.Entry, _ event: JSONValue) async throws {
        do {
            try await deliver(destination, EventBatch(events: [event]))
        } catch let refusal as PeerRefusal where refusal.isAboutTheBody {
            let isHopeless = try await store.noteRefusal(
                of: entry, for: destination, pause: limits.refusalPause, patience: limits.patience)
            if isHopeless {
                try await bury(entry, reason: "\(destination) does not take it: \(refusal.publicMessage)")
            } else if !entry.wasRefused {
                logger.warning(
                    "an event was refused and is tried again",
                    metadata: [
                        "destination": "\(destination)", "position": "\(entry.position)",
                        "reason": "\(refusal.publicMessage)",
                    ])
            }
            return
        }
        try await store.delete([entry.position], for: destination)
        if entry.wasRefused { try await store.forgetRefusal(of: entry.position, for: destination) }
    }

    private func bury(_ entry: OutboxStore.Entry, reason: String) async throws {
        logger.error(
            "an event cannot be sent and is a dead letter",
            metadata: ["destination": "\(destination)", "position": "\(entry.position)", "reason": "\(reason)"])
        try await store.bury(entry.position, for: destination, reason: reason, at: clock.now)
    }
}

extension PeerRefusal {
    /// Whether a repeat of the same body would be refused too.
    fileprivate var isAboutTheBody: Bool { [400, 413, 422].contains(status) }
}
