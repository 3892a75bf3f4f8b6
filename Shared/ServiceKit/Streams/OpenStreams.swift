import ServiceLifecycle
import SharedModels
import Synchronization

/// What a process keeps open for a caller. It is told while others are held up: it must not wait.
package protocol HeldOpen: Sendable {
    /// A sign of life is due.
    func beat()
    /// The caller may listen no more.
    func end()
}

extension ConnectionLine: HeldOpen {
    package func beat() { writeIfTaken(OutgoingEvent.heartbeat.bytes) }
    package func end() { endStream() }
}

/// The streams that a process has open for callers. It keeps them alive with heartbeats, and ends those whose caller may
/// listen no more.
///
/// A stream is an entry here and has no timer: one loop goes over all of them once a second, as long as there are any.
package final class OpenStreams: Service {
    /// The streams of a process. An idle one takes about 13 kB, connection included (bench/streams).
    static let limit = 20_000
    /// The streams of one account, so that nobody takes all places.
    static let limitPerAccount = limit / 2
    /// Seconds between the heartbeats of a stream. Gateways end a connection on which nothing comes for a minute.
    private static let beatEvery = 15

    private struct Entry {
        let account: AccountID
        let credential: CredentialDigest
        let expiresAt: Timestamp?
        /// `nil` until it has begun.
        var held: (any HeldOpen)?
        let kind: Kind
        var isEnded = false
    }

    /// Streams and sockets of an account are counted apart.
    private struct Owner: Hashable {
        let account: AccountID
        let isSocket: Bool
    }

    /// What is held open.
    enum Kind {
        case stream
        case socket(atMost: Int)

        fileprivate var isSocket: Bool { if case .socket = self { true } else { false } }
        fileprivate var words: String { isSocket ? "sockets" : "streams" }
        fileprivate var mostPerAccount: Int {
            switch self {
            case .stream: OpenStreams.limitPerAccount
            case .socket(let most): most
            }
        }
    }

    private struct State {
        var open: [Int: Entry] = [:]
        var counts: [Owner: Int] = [:]
        var opened = 0
        var ticks = 0
    }

    private let clock: any DomainClock
    private let watch = Mutex<(@Sendable () -> Void)?>(nil)
    private let state = Mutex(State())
    /// Signals that a stream has begun.
    private let begun = WakeUp()

    init(clock: any DomainClock) {
        self.clock = clock
    }

    var count: Int { state.withLock { $0.open.count } }

    /// Notes a stream. From now on it ends with its credential.
    ///
    /// - Throws: 503 when this process, or 429 when the account has too many.
    func open(
        _ principal: Principal, _ credential: CredentialDigest, as kind: Kind = .stream
    ) throws(Refusal) -> OpenStream {
        let number = try state.withLock { state throws(Refusal) -> Int in
            guard state.open.count < Self.limit else { throw Refusal.unavailable(retryAfter: .seconds(5)) }
            let (key, most) = (Owner(account: principal.accountID, isSocket: kind.isSocket), kind.mostPerAccount)
            let others = state.counts[key, default: 0]
            guard others < most else {
                throw Refusal(.rateLimitExceeded, "The account has too many \(kind.words) open; close some first.")
            }
            state.opened += 1
            state.counts[key] = others + 1
            state.open[state.opened] = Entry(
                account: principal.accountID, credential: credential, expiresAt: principal.expiresAt, kind: kind)
            return state.opened
        }
        begun.signal()
        return OpenStream(number: number, streams: self)
    }

    /// Ends the streams of what was revoked.
    func end(_ revocation: Revocation) {
        switch revocation {
        case .credential(let sha256):
            let digest = CredentialDigest(sha256)
            end { $0.credential == digest }
        case .account(let account): end { $0.account == account }
        }
    }

    /// Ends all streams. Their callers come again, and show a credential that is asked about.
    func endAll() { end { _ in true } }

    /// Calls `watch` each second for as long as there are any.
    func eachSecond(_ watch: @escaping @Sendable () -> Void) { self.watch.withLock { $0 = watch } }

    /// Beats until the process shuts down.
    package func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if self.count == 0 { await self.begun.wait() }
                self.tick()
                // A cancelled wait needs no handling: the loop's condition ends it.
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// What is done once a second.
    func tick() {
        let now = clock.now
        watch.withLock { $0 }?()
        end { entry in entry.expiresAt.map { $0 <= now } ?? false }
        state.withLock { state in
            state.ticks += 1
            for (number, entry) in state.open where (number + state.ticks) % Self.beatEvery == 0 {
                entry.held?.beat()
            }
        }
    }

    private func end(where isConcerned: (Entry) -> Bool) {
        state.withLock { state in
            for (number, entry) in state.open where isConcerned(entry) {
                state.open[number]?.isEnded = true
                // Under the lock: so the connection is told before the stream can have ended by itself.
                entry.held?.end()
            }
        }
    }

    fileprivate func begin(_ number: Int, _ held: any HeldOpen) throws(CancellationError) {
        let isEnded = state.withLock { state in
            state.open[number]?.held = held
            return state.open[number]?.isEnded ?? true
        }
        if isEnded { throw CancellationError() }
    }

    fileprivate func close(_ number: Int) {
        state.withLock { state in
            guard let entry = state.open.removeValue(forKey: number) else { return }
            let owner = Owner(account: entry.account, isSocket: entry.kind.isSocket)
            let others = state.counts[owner, default: 1] - 1
            state.counts[owner] = others > 0 ? others : nil
        }
    }
}

/// One stream, from the decision to open it to its end.
final class OpenStream: Sendable {
    private let number: Int
    private let streams: OpenStreams

    fileprivate init(number: Int, streams: OpenStreams) {
        self.number = number
        self.streams = streams
    }

    deinit { close() }

    /// - Throws: When it was ended before it began.
    func begin(on held: any HeldOpen) throws(CancellationError) { try streams.begin(number, held) }

    /// A repeat is harmless.
    func close() { streams.close(number) }
}
