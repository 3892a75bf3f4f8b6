import Crypto
import SharedModels
import Synchronization

/// The key under which a credential is remembered: how it came, and its text's SHA-256.
///
/// The source is included, so that a session's text sent as a bearer token is not mistaken for the cookie.
struct CredentialKey: Hashable, Sendable {
    let source: CredentialSource
    let digest: CredentialDigest
}

extension CredentialKey {
    init(_ credential: PresentedCredential) {
        var text = credential.secret
        source = credential.source
        let hash = text.withUTF8 { SHA256.hash(data: UnsafeRawBufferPointer($0)) }
        digest = hash.withUnsafeBytes { CredentialDigest($0) }
    }
}

/// The 32 bytes of a SHA-256, as numbers that compare quickly.
struct CredentialDigest: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    init(_ bytes: some Sequence<UInt8>) {
        var words: InlineArray<4, UInt64> = [0, 0, 0, 0]
        for (index, byte) in bytes.prefix(32).enumerated() {
            words[index >> 3] = words[index >> 3] << 8 | UInt64(byte)
        }
        self.words = (words[0], words[1], words[2], words[3])
    }

    static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    /// The first word is as random as all four.
    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

/// A credential that auth has confirmed.
struct KnownCredential: Sendable {
    let principal: Principal
    /// After this time auth is asked again.
    let freshUntil: Timestamp
    /// `nil` for sessions, which are not metered.
    let meter: AccountMeter?
}

/// What one service knows about credentials, in bounded memory. Safe to use from any thread.
final class CredentialCache: Sendable {
    private struct State {
        var known: [CredentialKey: KnownCredential] = [:]
        /// Kept apart from the credentials, so that a grant survives the credential it was given for.
        var meters: [AccountID: AccountMeter] = [:]
        /// Grows with every revocation. An answer of auth from before a revocation is not remembered after it.
        var revision = 0
        var isTrusted = false
        var heardAt = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let limit: Int
    private let patience: Duration?

    /// - Parameter patience: How long the revocation feed may be silent.
    init(limit: Int, patience: Duration? = nil) {
        self.limit = limit
        self.patience = patience
    }

    /// What is known about a credential; `nil` while the revocation feed is down or silent.
    func find(_ key: CredentialKey) -> KnownCredential? {
        state.withLock { isFresh($0) ? $0.known[key] : nil }
    }

    /// Whether the credential is known, and not known to be revoked since, also while the revocation feed is silent.
    func knows(_ key: CredentialKey) -> Bool {
        state.withLock { $0.isTrusted && $0.known[key] != nil }
    }

    /// Whether what is known counts just now.
    var isFresh: Bool { state.withLock { isFresh($0) } }

    private func isFresh(_ state: State) -> Bool {
        state.isTrusted && patience.map { .now - state.heardAt < $0 } ?? true
    }

    /// The revocation feed has shown that it is there.
    func noteHeard() { state.withLock { $0.heardAt = .now } }

    var heardAt: ContinuousClock.Instant { state.withLock { $0.heardAt } }

    var revision: Int { state.withLock { $0.revision } }
    var isTrusted: Bool { state.withLock { $0.isTrusted } }

    /// The meter of a credential, even while the cache is not trusted: its unspent requests are to be given back.
    func meter(for key: CredentialKey) -> AccountMeter? {
        state.withLock { $0.known[key]?.meter }
    }

    /// Remembers `credential`, unless there was a revocation since `revision`.
    func store(_ credential: KnownCredential, for key: CredentialKey, asOf revision: Int, at now: Timestamp) {
        state.withLock { state in
            guard state.revision == revision else { return }
            if state.known.count >= limit { Self.makeRoom(&state, limit: limit, now) }
            state.known[key] = credential
        }
    }

    /// The account's meter. Creates it if need be.
    func meter(of account: AccountID) -> AccountMeter {
        state.withLock { state in
            if let meter = state.meters[account] { return meter }
            if state.meters.count >= limit { Self.dropMeters(&state, limit: limit) }
            let meter = AccountMeter()
            state.meters[account] = meter
            return meter
        }
    }

    func remove(_ revocation: Revocation) {
        state.withLock { state in
            state.revision += 1
            switch revocation {
            case .credential(let sha256):
                let digest = CredentialDigest(sha256)
                for source in CredentialSource.allCases {
                    state.known[CredentialKey(source: source, digest: digest)] = nil
                }
            case .account(let account):
                state.known = state.known.filter { $0.value.principal.accountID != account }
                state.meters[account]?.forget()
            }
        }
    }

    /// Sets whether revocations arrive from now on. When they begin to, everything remembered earlier is dropped.
    func trust(_ isTrusted: Bool) {
        state.withLock { state in
            state.revision += 1
            if isTrusted { state.known.removeAll() }
            state.isTrusted = isTrusted
            state.heardAt = .now
        }
    }

    /// Drops the meters with nothing to spend. If that is not enough, also those of accounts without a known
    /// credential.
    private static func dropMeters(_ state: inout State, limit: Int) {
        let known = Set(state.known.values.lazy.map(\.principal.accountID))
        state.meters = state.meters.filter { known.contains($0.key) || !$0.value.isIdle }
        if state.meters.count >= limit { state.meters = state.meters.filter { known.contains($0.key) } }
    }

    /// Drops the credentials that are out of date. If that is not enough, also every second one of the others.
    private static func makeRoom(_ state: inout State, limit: Int, _ now: Timestamp) {
        state.known = state.known.filter { $0.value.freshUntil > now }
        guard state.known.count > limit / 2 else { return }
        var keep = false
        state.known = state.known.filter { _ in
            keep.toggle()
            return keep
        }
    }
}
