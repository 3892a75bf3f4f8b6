import Logging
import ServiceLifecycle
import SharedModels
import Synchronization

/// The places that requests of this process have among those that their accounts may have in flight.
///
/// Auth counts them over all processes. Here they get their ids, and wait to be given back.
package final class Places: Sendable {
    private struct State {
        /// Asked for or taken, and not ended.
        var held = 0
        /// Ended, and not told yet.
        var ended: [PlaceID] = []
        /// Ended, and to be told once more at their time.
        var doubtful: [(place: PlaceID, due: ContinuousClock.Instant)] = []
    }

    /// How long after it was given up an ask can still reach auth and take the place.
    private static let longestAsk = Duration.seconds(30)
    /// How many are told at once.
    private static let most = 1000

    let replica: ReplicaID
    private let clock: any DomainClock
    private let state = Mutex(State())
    let wakeUp = WakeUp()

    package init(clock: any DomainClock) {
        self.clock = clock
        replica = .make(at: clock.now)
    }

    /// A place to ask for. End it by ``giveBack(_:)``, ``doubt(_:)`` or ``drop()``.
    func make() -> PlaceRequest {
        state.withLock { $0.held += 1 }
        return PlaceRequest(placeID: .make(at: clock.now), replicaID: replica)
    }

    /// After the request has ended.
    func giveBack(_ place: PlaceID) {
        state.withLock { state in
            state.held -= 1
            state.ended.append(place)
        }
        wakeUp.signal()
    }

    /// After nobody knows whether auth has given it.
    func doubt(_ place: PlaceID) {
        state.withLock { $0.doubtful.append((place, .now + Self.longestAsk)) }
        giveBack(place)
    }

    /// After auth certainly has not given it.
    func drop() { state.withLock { $0.held -= 1 } }

    /// Takes out what is to be told now.
    ///
    /// - Returns: `nil` when auth need not hear of this process.
    func take() -> PlaceReturn? {
        state.withLock { state in
            let now = ContinuousClock.now
            state.ended += state.doubtful.filter { $0.due <= now }.map(\.place)
            state.doubtful.removeAll { $0.due <= now }
            guard state.held > 0 || !state.ended.isEmpty else { return nil }
            let told = Array(state.ended.prefix(Self.most))
            state.ended.removeFirst(told.count)
            return PlaceReturn(replicaID: replica, placeIDs: told)
        }
    }

    /// Puts back what auth could not be told.
    func putBack(_ told: PlaceReturn) { state.withLock { $0.ended = told.placeIDs + $0.ended } }

    var hasMore: Bool { state.withLock { !$0.ended.isEmpty } }
}

/// Tells auth which requests have ended, as soon as they have; those of one moment together.
package struct PlaceTelling: Service {
    /// How often auth hears of a process that holds places. Its lease is four times as long.
    private static let beat = Duration.seconds(5)
    /// The pause after auth could not be told.
    private static let pause = Duration.milliseconds(500)

    private let places: Places
    private let logger: Logger
    private let tell: @Sendable (PlaceReturn) async throws -> Void

    package init(places: Places, logger: Logger, tell: @escaping @Sendable (PlaceReturn) async throws -> Void) {
        self.places = places
        self.logger = logger
        self.tell = tell
    }

    package func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if !places.hasMore { await places.wakeUp.wait(atMost: Self.beat) }
                let isTold = await tellOnce()
                // A cancelled wait needs no handling: the loop's condition ends it.
                if !isTold { try? await Task.sleep(for: Self.pause) }
            }
        }
        // What is left ends with the lease.
        await tellOnce()
    }

    /// - Returns: Whether auth knows what there was to tell.
    @discardableResult
    func tellOnce() async -> Bool {
        guard let told = places.take() else { return true }
        do {
            try await tell(told)
            return true
        } catch {
            places.putBack(told)
            logger.debug(
                "places were not given back", metadata: ["count": "\(told.placeIDs.count)", "error": "\(error)"])
            return false
        }
    }
}
