import SharedModels

/// The lines that this process holds, and how its places are divided among them. Pure.
struct LineBoard: Sendable {
    struct Limits: Sendable {
        /// Attempts at once, of the whole process.
        var places = 512
        /// Of these, the most for receivers that hang.
        var slowPlaces = 256
        /// The most for all webhooks and channels of one account.
        var perOwner = 64
        /// Lines held at once.
        var lines = 1024
        /// The most that are held while they wait for their turn, and for how long at most. Others are given back.
        var waiting = 256
        var longestWait = Duration.seconds(10)
        /// How long a drained line is held in case more comes.
        var lingering = Duration.seconds(1)
    }

    private let limits: Limits
    private var lines: [LineID: Line] = [:]
    private var underWay = 0
    private var slowUnderWay = 0
    private var perOwner: [AccountID: Int] = [:]
    /// Whose turn is first, so that nobody is always last.
    private var turn = 0
    /// Lines that wait for their turn with their provider.
    private var waiting = 0
    private var pacing: Pacing

    init(_ limits: Limits, pacing: Pacing = Pacing()) {
        self.limits = limits
        self.pacing = pacing
    }

    var isEmpty: Bool { lines.isEmpty }
    var ids: [LineID] { Array(lines.keys) }
    /// How many more lines it can hold.
    var freeLines: Int { limits.lines - lines.count }
    var inHand: [DeliveryID] { lines.values.flatMap(\.inHand) }

    /// The next time at which the turn of a line comes.
    func nextTurn(after now: Timestamp) -> Timestamp? {
        lines.values.compactMap { line in line.turn.flatMap { $0 > now ? $0 : nil } }.min()
    }

    /// Something may have come into all lines.
    mutating func noteNews() {
        for id in lines.keys { lines[id]?.noteNews() }
    }

    /// Something has come into these lines.
    ///
    /// - Returns: Whether all of them are held.
    mutating func noteNews(in ids: Set<LineID>) -> Bool {
        for id in ids { lines[id]?.noteNews() }
        return ids.allSatisfy { lines[$0] != nil }
    }

    /// What to read for each line that was not read to its end, or has news: where it ended, and how many.
    func asks(at now: Timestamp) -> [LineAsk] {
        guard underWay < limits.places else { return [] }
        return lines.values.compactMap { line in
            // Of an account without a free place little is read ahead: it cannot begin yet.
            let free = limits.perOwner - perOwner[line.ownerID, default: 0]
            let room = min(line.room(at: now), line.isEmptyHanded ? limits.perOwner : free)
            return room > 0 ? LineAsk(line: line.id, after: line.position, count: room) : nil
        }
    }

    func wantsMore(at now: Timestamp) -> Bool { !asks(at: now).isEmpty }

    /// Whether no attempt is under way, and none can begin before there is news.
    var isQuiet: Bool { underWay == 0 && lines.values.allSatisfy(\.isEmptyHanded) }

    /// Divides what providers take in all among so many processes.
    mutating func share(among senders: Int) { pacing.senders = senders }

    mutating func hold(_ line: Line) { lines[line.id] = line }

    mutating func add(_ found: [Delivery], for asks: [LineAsk]) {
        let byLine = Dictionary(grouping: found, by: \.lineID)
        for ask in asks { lines[ask.line]?.add(byLine[ask.line] ?? [], asked: ask.count) }
    }

    /// The attempts to begin now: one of each line in turn, until no place is free or nothing is left.
    mutating func begin(at now: Timestamp) -> [Delivery] {
        var begun: [Delivery] = []
        let ids = Array(lines.keys)
        guard !ids.isEmpty else { return [] }
        turn = (turn + 1) % ids.count
        waiting = lines.values.count { $0.turn.map { $0 > now } ?? false }
        var candidates = Array(ids[turn...] + ids[..<turn])
        while !candidates.isEmpty, underWay < limits.places {
            candidates = candidates.filter { id in
                guard underWay < limits.places, let delivery = beginOne(of: id, at: now) else { return false }
                begun.append(delivery)
                return true
            }
        }
        return begun
    }

    private mutating func beginOne(of id: LineID, at now: Timestamp) -> Delivery? {
        guard let line = lines[id], perOwner[line.ownerID, default: 0] < limits.perOwner,
            !line.isSlow || slowUnderWay < limits.slowPlaces,
            let delivery = line.next(at: now)
        else { return nil }
        if case .channel(let target, _) = delivery.destination, let moment = pacing.take(target, at: now) {
            if waiting < limits.waiting, moment - now <= limits.longestWait {
                waiting += 1
                lines[id]?.wait(forTurn: moment)
            } else {
                // To a whole second, so that those that come back are claimed together.
                let second = (moment.microseconds + 999_999) / 1_000_000
                lines[id]?.rest(until: Timestamp(seconds: second))
            }
            return nil
        }
        lines[id]?.begin(delivery)
        count(line, by: 1)
        return delivery
    }

    mutating func finish(_ delivery: Delivery, _ ending: AttemptEnding, at now: Timestamp) {
        guard let line = lines[delivery.lineID] else { return }
        count(line, by: -1)
        switch ending {
        case .counts(let outcome): lines[line.id]?.finish(delivery, outcome.result, at: now)
        case .brokenOff: lines[line.id]?.abandon(delivery)
        case .postponed(let moment): lines[line.id]?.postpone(delivery, until: moment)
        }
        // It may have become slow, or quick, with others under way.
        guard let after = lines[line.id], after.isSlow != line.isSlow else { return }
        slowUnderWay += after.isSlow ? after.underWayCount : -after.underWayCount
    }

    private mutating func count(_ line: Line, by change: Int) {
        underWay += change
        if line.isSlow { slowUnderWay += change }
        let left = perOwner[line.ownerID, default: 0] + change
        perOwner[line.ownerID] = left > 0 ? left : nil
    }

    mutating func noteStored(_ delivery: Delivery) { lines[delivery.lineID]?.noteStored(delivery.id) }

    mutating func end(_ ids: [LineID]) {
        for id in ids { lines[id]?.end() }
    }

    /// Takes out the lines in which nothing is left to do, and probably nothing comes soon. Many at a time: one that has
    /// been idle for a while goes along with the others.
    mutating func takeDrained(at instant: ContinuousClock.Instant) -> [Line] {
        let isCrowded = lines.count > limits.lines / 2
        let drained = lines.values.filter(\.isDrained)
        func isIdle(_ line: Line, for span: Duration) -> Bool { line.idleSince.map { instant - $0 >= span } ?? false }
        func leaves(after span: Duration) -> [Line] {
            drained.filter { !$0.mayLinger || isCrowded || isIdle($0, for: span) }
        }
        let leaving = leaves(after: limits.lingering).isEmpty ? [] : leaves(after: limits.lingering / 2)
        for line in drained { lines[line.id]?.noteIdle(since: instant) }
        for line in leaving { lines[line.id] = nil }
        return leaving
    }

    /// Forgets all lines: another process may hold them now.
    mutating func forget() { self = LineBoard(limits, pacing: pacing) }
}

/// A question for a line's next deliveries.
struct LineAsk: Sendable, Equatable {
    let line: LineID
    let after: Int64
    let count: Int

    /// Shares what one look may read among `asks`: those that ask for little get it, the others equal parts of the rest.
    /// Of more lines than that, some by chance get one each.
    static func shares(of asks: [LineAsk], atMost limit: Int) -> [LineAsk] {
        guard asks.reduce(0, { $0 + $1.count }) > limit else { return asks }
        let chosen = asks.shuffled().prefix(limit).sorted { $0.count < $1.count }
        var left = limit
        return chosen.enumerated().map { number, ask in
            let part = min(ask.count, left / (chosen.count - number))
            left -= part
            return LineAsk(line: ask.line, after: ask.after, count: part)
        }
    }
}
