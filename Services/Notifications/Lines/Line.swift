import SharedModels

/// What the process that holds a line knows of it: the deliveries to one webhook or channel that are under way, and
/// those that are next. Pure.
///
/// More attempts are made at once as long as the receiver answers quickly, and only one while it hangs.
struct Line: Sendable {
    /// The most attempts at once.
    static let mostPlaces = 64
    /// A receiver that answers within this time gets more at once.
    private static let quick = Duration.seconds(1)
    /// A receiver that takes longer than this gets half as many at once.
    private static let slow = Duration.seconds(3)
    /// What is read first of a line that was read to its end, when something may have come.
    static let fewNew = 4

    let id: LineID
    let ownerID: AccountID
    /// How many attempts may be under way.
    private(set) var places: Int
    private(set) var pausedUntil: Timestamp?
    /// When its provider takes the next message. What was read stays in hand until then.
    private(set) var turn: Timestamp?
    /// Since when nothing was left to do.
    private(set) var idleSince: ContinuousClock.Instant?
    /// Untried deliveries were read up to here.
    private(set) var position: Int64 = 0

    /// In the order of their positions. Some wait for an earlier delivery about the same thing.
    private var untried: [Delivery] = []
    private var retries: [Delivery] = []
    private var underWay: [DeliveryID: Delivery] = [:]
    /// Finished, but the result is not stored yet.
    private var unstored: Set<DeliveryID> = []
    /// Things whose delivery is under way for the first time.
    private var busyAggregates: Set<EventAggregate> = []
    /// Whether the last look found less than was asked for.
    private var isDry = false
    /// Whether something may have come since the last look.
    private var hasNews = false
    /// Whether something may have to be tried again later.
    private var mayRetry = false
    private(set) var hasEnded = false

    init(id: LineID, ownerID: AccountID, places: Int, pausedUntil: Timestamp? = nil) {
        self.id = id
        self.ownerID = ownerID
        self.places = places
        self.pausedUntil = pausedUntil
    }

    var underWayCount: Int { underWay.count }

    /// Whether its receiver hangs, so that an attempt is likely to take long.
    var isSlow: Bool { places == 1 }

    /// Deliveries that must not be read again.
    var inHand: [DeliveryID] { Array(underWay.keys) + retries.map(\.id) + unstored }

    /// Whether it can be given back.
    var isDrained: Bool {
        underWay.isEmpty && unstored.isEmpty && untried.isEmpty && retries.isEmpty
            && (isDry && !hasNews || hasEnded || pausedUntil != nil)
    }

    /// Whether a drained line may stay in hand for a while, in case more comes.
    var mayLinger: Bool { !hasEnded && pausedUntil == nil && !mayRetry }

    /// Whether nothing was read ahead.
    var isEmptyHanded: Bool { untried.isEmpty && retries.isEmpty }

    /// There may be more than the last look found. It is kept until there is room for it.
    mutating func noteNews() { hasNews = true }

    /// How many more deliveries to read: as many again as may be under way, so that one look serves for a while.
    func room(at now: Timestamp) -> Int {
        guard isOpen(at: now), hasNews || !isDry else { return 0 }
        let room = max(0, 2 * places - underWay.count - untried.count - retries.count)
        return isDry ? min(room, Self.fewNew) : room
    }

    private func isOpen(at now: Timestamp) -> Bool {
        !hasEnded && (pausedUntil.map { $0 <= now } ?? true) && (turn.map { $0 <= now } ?? true)
    }

    /// Adds what a look found.
    ///
    /// - Parameter asked: What ``room(at:)`` was.
    mutating func add(_ found: [Delivery], asked: Int) {
        for delivery in found.sorted(by: { $0.position < $1.position }) {
            if delivery.tries == 0 { position = max(position, delivery.position) }
            // After a rest, what is under way may be read once more.
            guard underWay[delivery.id] == nil, !unstored.contains(delivery.id) else { continue }
            if delivery.tries > 0 {
                mayRetry = true
                retries.append(delivery)
            } else {
                untried.append(delivery)
            }
        }
        isDry = found.count < asked
        hasNews = false
        if !found.isEmpty { idleSince = nil }
    }

    /// The next delivery to attempt. `nil` when nothing may begin.
    func next(at now: Timestamp) -> Delivery? {
        guard isOpen(at: now), underWay.count < places else { return nil }
        return retries.first ?? untried.first { !busyAggregates.contains($0.aggregate) }
    }

    /// The delivery is under way from now on.
    mutating func begin(_ delivery: Delivery) {
        retries.removeAll { $0.id == delivery.id }
        untried.removeAll { $0.id == delivery.id }
        if delivery.tries == 0 { busyAggregates.insert(delivery.aggregate) }
        underWay[delivery.id] = delivery
        turn = nil
    }

    /// An attempt is over.
    mutating func finish(_ delivery: Delivery, _ result: AttemptResult, at now: Timestamp) {
        abandon(delivery)
        unstored.insert(delivery.id)
        if let pause = result.pause { rest(until: now + pause) }
        if case .failed = result.verdict { mayRetry = true }
        if result.duration > Self.slow {
            places = max(1, places / 2)
        } else if result.duration < Self.quick, result.status != nil || result.verdict == .delivered {
            places = min(Self.mostPlaces, places + 1)
        }
    }

    /// An attempt was broken off and does not count.
    mutating func abandon(_ delivery: Delivery) {
        underWay[delivery.id] = nil
        if delivery.tries == 0 { busyAggregates.remove(delivery.aggregate) }
    }

    /// The provider wants no more messages for a while. The attempt does not count, and is made again.
    mutating func postpone(_ delivery: Delivery, until moment: Timestamp) {
        abandon(delivery)
        if delivery.tries == 0 { position = min(position, delivery.position - 1) }
        rest(until: moment)
    }

    mutating func noteStored(_ id: DeliveryID) { unstored.remove(id) }

    /// Nothing more is sent to it: it was removed, or disabled.
    mutating func end() {
        hasEnded = true
        untried = []
        retries = []
    }

    mutating func noteIdle(since instant: ContinuousClock.Instant) { idleSince = idleSince ?? instant }

    /// Begins nothing before `moment`, when its turn comes.
    mutating func wait(forTurn moment: Timestamp) { turn = moment }

    /// Begins nothing before `moment`. What was read is read again then, in the same order.
    mutating func rest(until moment: Timestamp) {
        pausedUntil = max(pausedUntil ?? moment, moment)
        isDry = false
        if let first = untried.first { position = min(position, first.position - 1) }
        untried = []
        retries = []
    }
}
