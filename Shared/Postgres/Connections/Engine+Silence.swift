import Synchronization

/// A server that stands still, or a network that drops everything, keeps the connections and says nothing. Each caller
/// would learn of it by the deadline of its own statement.
///
/// A statement that takes long looks the same, so the server is asked something short on another connection, or for a
/// further connection when all are busy. While it does not answer that either, callers are refused as after an outage, until
/// anything comes on any connection. So are those whose reads were sent before. What writes keeps its deadline, because its
/// outcome would be unknown.
struct Silence {
    /// Since when the server has owed an answer and sent nothing.
    let start: MonotonicTime
    /// When it was asked something short, or for a connection.
    var askedAt: MonotonicTime?
}

extension Engine {
    /// Whether the server did not answer when it was asked something short.
    var isSilent: Bool { silenceIsKnownAt.map { $0 <= .now } ?? false }

    private var silenceIsKnownAt: MonotonicTime? { silence?.askedAt.map { $0 + settings.silencePatience } }

    /// When the silence, if there is one, leads to something.
    var nextOfSilence: MonotonicTime {
        guard let silence else { return .distantFuture }
        guard let known = silenceIsKnownAt else { return silence.start + settings.silencePatience }
        return known > .now ? known : .distantFuture
    }

    /// Tells the callers of reads that were sent that the server does not answer. Its answers are dropped, if they come.
    func giveUpReads() {
        for request in connections.values.flatMap(\.segments.all).map(\.request)
        where request.mayRepeat && !request.outwaitsOutage {
            request.answer.settle(.failure(unreachable))
        }
    }

    /// Notes since when the server has owed an answer, and asks it once it has owed it for long.
    func noteSilence() {
        guard connections.values.contains(where: { $0.isReady && !$0.isIdle }) else {
            silence = nil
            return
        }
        let now = MonotonicTime.now
        guard let silence else {
            silence = Silence(start: now)
            return
        }
        guard silence.askedAt == nil, silence.start + settings.silencePatience <= now else { return }
        self.silence?.askedAt = now
        guard let idle = (pipelined + leasable).first(where: { $0.isReady && $0.isIdle && $0.lease == nil }) else {
            // With every connection busy and silent, and as many as there may be, all of them have been asked.
            if failedAttempts == 0, leasable.count < settings.transactionConnections { open(.leasable) }
            return
        }
        let question = Request(.statement("SELECT 1"), ifLost: .rolledBack, deadline: now + settings.deadline)
        question.standsAlone.store(true, ordering: .relaxed)
        send(question, on: idle)
    }
}
