import Logging
import OutboundHTTP
import SharedModels
import Synchronization

/// Finds out whose credential a request carries, and whether the request may pass now.
///
/// Auth decides. Its answer is remembered until its grant is spent or out of date, or until the credential is revoked.
/// While revocations cannot be received, or nothing is heard of auth, every request asks. A burst of requests with the
/// same unknown credential asks once, also while nothing is heard of auth.
package final class CredentialResolver: Sendable {
    package typealias Ask = @Sendable (CredentialInput) async throws -> CredentialResolution

    /// How many credentials are remembered: about 400 bytes each, 20 MB in all.
    package static let defaultLimit = 50_000
    /// How often a request in a burst waits for the shared answer and finds the new grant already spent, before it asks
    /// alone.
    private static let sharedRounds = 8
    /// The pauses before a request asks again when its account has no place free. The place of an answer that the
    /// caller has just read may be on its way back from another service.
    private static let pausesWhenFull: [Duration] = [.milliseconds(10), .milliseconds(30), .milliseconds(60)]

    private let ask: Ask
    private let clock: any DomainClock
    private let logger: Logger
    /// The streams that end when their credential is revoked.
    package let streams: OpenStreams
    /// The places of requests in flight, to be given back by ``PlaceTelling``.
    package let places: Places
    private let cache: CredentialCache
    private let flights = Mutex<[CredentialKey: Task<Answer, any Error>]>([:])

    /// - Parameters:
    ///   - ask: Asks auth. In auth itself, its own workflow.
    ///   - patience: How long nothing need be heard of auth; `nil` as long as revocations are received.
    package init(
        ask: @escaping Ask, clock: any DomainClock, logger: Logger, limit: Int = CredentialResolver.defaultLimit,
        patience: Duration? = nil
    ) {
        self.ask = ask
        self.clock = clock
        self.logger = logger
        cache = CredentialCache(limit: limit, patience: patience)
        streams = OpenStreams(clock: clock)
        places = Places(clock: clock)
    }

    /// Lets the request in, asking auth if need be. Release the admission when the response has ended.
    ///
    /// - Throws: ``CredentialRefusal``, or `CancellationError`.
    package func resolve(_ credential: PresentedCredential) async throws -> Admission {
        let key = CredentialKey(credential)
        if let admission = try admit(key) { return admission }
        if credential.source == .token, APIKeyFormat.read(credential.secret) == .wrongChecksum {
            throw CredentialRefusal.unauthorized("The API key is mistyped: its checksum is wrong.")
        }
        if credential.source == .token, OAuthTokenFormat.isMistyped(credential.secret) {
            throw CredentialRefusal.unauthorized("The OAuth token is mistyped: its checksum is wrong.")
        }
        for round in 0..<Self.sharedRounds where cache.isTrusted {
            // A grant of one request is nothing to share.
            if cache.meter(for: key)?.needsPlace == true { break }
            let (answer, isOurs) = try await askTogether(credential, key)
            // Who is cancelled takes what was granted out, too, so that its place is given back.
            var admission = try admit(key)
            // An answer that was under way when this request came can be older than a revocation nobody has heard of.
            if admission == nil, !cache.isFresh, isOurs || round > 0 { admission = try admit(answer) }
            try Task.checkCancellation()
            if let admission { return admission }
        }
        return try await askAlone(credential, key)
    }

    /// Lets the request in when the cache is enough, without a wait or a call.
    ///
    /// - Returns: `nil` when auth has to be asked.
    /// - Throws: ``CredentialRefusal/rateLimited(_:)`` when the account is known to be at its limit.
    package func admitCached(_ credential: PresentedCredential) throws(CredentialRefusal) -> Admission? {
        try admit(CredentialKey(credential))
    }

    /// Whether the credential is remembered, and not revoked since.
    func knows(_ credential: PresentedCredential) -> Bool { cache.knows(CredentialKey(credential)) }

    /// Drops everything that is remembered about what was revoked, and ends its streams.
    package func revoked(_ revocation: Revocation) {
        cache.remove(revocation)
        streams.end(revocation)
    }

    /// Sets whether revocations are received. Each change drops everything remembered, and ends all streams.
    package func trust(_ isFeedConnected: Bool) {
        cache.trust(isFeedConnected)
        streams.endAll()
    }

    /// Auth has shown that it is there.
    func noteHeard() { cache.noteHeard() }

    /// When it has done so last.
    var heardAt: ContinuousClock.Instant { cache.heardAt }

    package var isTrusted: Bool { cache.isTrusted }
    var now: Timestamp { clock.now }

    private func admit(_ key: CredentialKey) throws(CredentialRefusal) -> Admission? {
        let now = clock.now
        guard let known = cache.find(key), now < known.freshUntil else { return nil }
        guard let meter = known.meter else { return Admission(principal: known.principal) }
        return try admission(meter.enter(at: now), meter, known.principal)
    }

    /// Lets the request in by an answer that is newer than the request, unless something was revoked since.
    private func admit(_ answer: Answer) throws(CredentialRefusal) -> Admission? {
        guard cache.isTrusted, cache.revision == answer.revision else { return nil }
        guard let meter = answer.meter else { return Admission(principal: answer.principal) }
        return try admission(meter.enter(at: clock.now), meter, answer.principal)
    }

    private func admission(
        _ outcome: AccountMeter.Outcome, _ meter: AccountMeter, _ principal: Principal
    ) throws(CredentialRefusal) -> Admission? {
        switch outcome {
        case .admitted(let state, let place):
            return Admission(principal: principal, rateLimit: state, meter: meter) { [places] in
                if let place { places.giveBack(place) }
            }
        case .refused(let state): throw .rateLimited(state)
        case .exhausted: return nil
        }
    }

    // MARK: - Asking

    /// Asks for this request alone, because the answer to another request may be older than a revocation.
    private func askAlone(_ credential: PresentedCredential, _ key: CredentialKey) async throws -> Admission {
        var answer = try await fetch(credential, key)
        let waiting = answer.grant.isFull && answer.meter?.beginWaiting() == true ? answer.meter : nil
        defer { waiting?.endWaiting() }
        for pause in Self.pausesWhenFull where waiting != nil && answer.grant.isFull {
            try await Task.sleep(for: pause)
            answer = try await fetch(credential, key)
        }
        guard let meter = answer.meter else {
            remember(answer, for: key)
            return Admission(principal: answer.principal)
        }
        let outcome = meter.enter(adding: answer.grant, answer.place, at: clock.now)
        remember(answer, for: key)
        if answer.grant.isFull, case .exhausted = outcome {
            throw CredentialRefusal.rateLimited(
                answer.grant.headers(
                    unspent: 0, at: clock.now, retryAfterSeconds: answer.grant.retryAfterSeconds))
        }
        guard let admission = try admission(outcome, meter, answer.principal) else {
            throw CredentialRefusal.unavailable(retryAfter: .seconds(1))
        }
        return admission
    }

    /// Asks once for all requests that wait for the same credential. Cancelling one waiting request does not take the
    /// answer from the others.
    ///
    /// - Returns: The answer, and whether this call has begun the question.
    private func askTogether(
        _ credential: PresentedCredential, _ key: CredentialKey
    ) async throws -> (answer: Answer, isOurs: Bool) {
        let (flight, isOurs) = flights.withLock { flights in
            if let flight = flights[key] { return (flight, false) }
            let flight = Task {
                defer { self.flights.withLock { $0[key] = nil } }
                let answer = try await fetch(credential, key)
                answer.meter?.add(answer.grant, answer.place, at: clock.now)
                remember(answer, for: key)
                // It was revoked meanwhile: nobody finds the place by this credential.
                if !cache.knows(key), let meter = answer.meter {
                    let (requests, unused) = meter.drain()
                    meter.putBack(requests)
                    for place in unused { places.giveBack(place) }
                }
                return answer
            }
            flights[key] = flight
            return (flight, true)
        }
        return (try await flight.value, isOurs)
    }

    private struct Answer {
        let principal: Principal
        let grant: Grant
        let meter: AccountMeter?
        /// The place that auth gave.
        let place: PlaceID?
        /// The cache's revision when auth was asked.
        let revision: Int
    }

    private func fetch(_ credential: PresentedCredential, _ key: CredentialKey) async throws(CredentialRefusal)
        -> Answer
    {
        let revision = cache.revision
        let spender = cache.meter(for: key)
        let (unspent, unused) = spender?.drain() ?? (0, [])
        for place in unused { places.giveBack(place) }
        // Cookies are not metered.
        let place = credential.source == .token ? places.make() : nil
        let resolution: CredentialResolution
        do {
            resolution = try await ask(
                CredentialInput(source: credential.source, secret: credential.secret, unspent: unspent, place: place))
        } catch {
            if Self.hasNotActed(error) {
                // Auth certainly does not have it back, so it is still ours to spend.
                spender?.putBack(unspent)
                if place != nil { places.drop() }
            } else if let place {
                places.doubt(place.placeID)
            }
            logger.warning("auth could not be asked about a credential", metadata: ["error": "\(error)"])
            throw .unavailable(retryAfter: .seconds(2))
        }
        let isPlaced = resolution.grant?.hasPlace == true
        if place != nil, !isPlaced { places.drop() }
        guard let principal = resolution.principal, let grant = resolution.grant else {
            // Requests are only given back when the credential is accepted. Until then other keys of the account can
            // spend them.
            spender?.putBack(unspent)
            let reason = resolution.refusal ?? "the credential is not valid"
            throw resolution.isBlocked == true ? .blocked(reason) : .unauthorized(reason)
        }
        let meter = principal.credential.isMetered ? cache.meter(of: principal.accountID) : nil
        return Answer(
            principal: principal, grant: grant, meter: meter, place: isPlaced ? place?.placeID : nil,
            revision: revision)
    }

    /// Whether auth certainly did not act on the request: it could not be reached, or it refused before looking.
    private static func hasNotActed(_ error: any Error) -> Bool {
        switch error {
        case let error as OutboundError: error.hasCertainlyNotActed
        case let refusal as PeerRefusal: (400..<500).contains(refusal.status)
        default: false
        }
    }

    private func remember(_ answer: Answer, for key: CredentialKey) {
        let end = answer.grant.expiresAt
        let known = KnownCredential(
            principal: answer.principal, freshUntil: min(end, answer.principal.expiresAt ?? end), meter: answer.meter)
        cache.store(known, for: key, asOf: answer.revision, at: clock.now)
    }
}
