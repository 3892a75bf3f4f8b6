import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: a receiver gets as much at once as it takes, in order, and takes nothing from the others.
@Suite struct LineTests {
    private let now = Timestamp.start
    private let quick = AttemptResult(verdict: .delivered, status: 200, duration: .milliseconds(20))
    private let hanging = AttemptResult(verdict: .failed(retryAfter: nil), duration: .seconds(10))

    private func line(of owner: AccountID? = nil, places: Int = 4) -> Line {
        Line(id: .make(at: now), ownerID: owner ?? .make(at: now), places: places)
    }

    private func delivery(
        to line: Line, _ position: Int64, of aggregate: EventAggregate? = nil, tries: Int = 0
    ) -> Delivery {
        Delivery(
            id: .make(at: now), lineID: line.id, destination: .channel(.email(address: "a@example.org"), of: .anybody),
            eventID: .make(at: now), eventName: "gig.updated", body: [], requestID: nil,
            aggregate: aggregate ?? .make(at: now), position: position, tries: tries, earlier: 0, begunAt: now)
    }

    private func begin(_ line: inout Line) -> [Delivery] {
        var begun: [Delivery] = []
        while let next = line.next(at: now) {
            line.begin(next)
            begun.append(next)
        }
        return begun
    }

    @Test func `a quick receiver gets more and more at once up to 64, and a hanging one soon only one`() {
        var line = line()
        for position in 1...200 {
            line.add([delivery(to: line, Int64(position))], asked: 1)
            guard let next = line.next(at: now) else { break }
            line.begin(next)
            line.finish(next, quick, at: now)
        }
        #expect(line.places == Line.mostPlaces)
        for position in 201...206 {
            line.add([delivery(to: line, Int64(position))], asked: 1)
            guard let next = line.next(at: now) else { break }
            line.begin(next)
            line.finish(next, hanging, at: now)
        }
        #expect(line.places == 1 && line.isSlow)
    }

    @Test func `the events of one thing go one after another, and others beside them`() {
        var line = line()
        let thing = EventAggregate.make(at: now)
        let deliveries = [
            delivery(to: line, 1, of: thing), delivery(to: line, 2, of: thing), delivery(to: line, 3),
            delivery(to: line, 4, of: thing),
        ]
        line.add(deliveries.reversed(), asked: 4)
        #expect(begin(&line).map(\.position) == [1, 3])
        line.finish(deliveries[0], quick, at: now)
        #expect(begin(&line).map(\.position) == [2])
        #expect(!line.isDrained && line.position == 4)
    }

    @Test func `a retry holds up nobody, and is not read twice`() {
        var line = line()
        let thing = EventAggregate.make(at: now)
        let retry = delivery(to: line, 1, of: thing, tries: 2)
        line.add([retry, delivery(to: line, 7, of: thing)], asked: 4)
        #expect(begin(&line).map(\.position) == [1, 7])
        #expect(line.inHand.contains(retry.id))
    }

    @Test func `Retry-After pauses the whole line, and it is given back only when all results are stored`() {
        var line = line(places: 2)
        let deliveries = (1...3).map { delivery(to: line, Int64($0)) }
        line.add(deliveries, asked: 3)
        #expect(begin(&line).count == 2)
        line.finish(deliveries[0], AttemptResult(verdict: .failed(retryAfter: .seconds(30)), status: 429), at: now)
        #expect(line.pausedUntil == now + .seconds(30) && line.next(at: now) == nil && line.room(at: now) == 0)
        line.finish(deliveries[1], quick, at: now)
        line.noteStored(deliveries[0].id)
        #expect(!line.isDrained)
        line.noteStored(deliveries[1].id)
        #expect(line.isDrained)
    }

    @Test func `twenty destinations of one account share its places, and hanging ones leave half of all to the others`()
    {
        var board = LineBoard(.init(places: 40, slowPlaces: 10, perOwner: 16, lines: 100))
        let greedy = AccountID.make(at: now)
        var lines = (0..<20).map { _ in line(of: greedy) } + (0..<30).map { _ in line(places: 1) } + [line()]
        lines.shuffle()
        for line in lines { board.hold(line) }
        let asks = board.asks(at: now)
        #expect(asks.count == 51)
        let found = asks.flatMap { ask in
            lines.filter { $0.id == ask.line }.flatMap { line in
                (1...ask.count).map { delivery(to: line, Int64($0)) }
            }
        }
        board.add(found, for: asks)
        let begun = board.begin(at: now)
        let slow = Set(lines.filter(\.isSlow).map(\.id))
        let greedyLines = Set(lines.filter { $0.ownerID == greedy }.map(\.id))
        #expect(begun.count { greedyLines.contains($0.lineID) } == 16)
        #expect(begun.count { slow.contains($0.lineID) } == 10)
        #expect(begun.count == 30)
        // Nothing more begins until one ends, and then the account's turn comes again.
        #expect(board.begin(at: now).isEmpty)
        for delivery in begun where greedyLines.contains(delivery.lineID) {
            let outcome = AttemptOutcome(delivery: delivery, result: quick, startedAt: now, next: nil)
            board.finish(delivery, .counts(outcome), at: now)
            board.noteStored(delivery)
        }
        #expect(board.begin(at: now).count == 16)
    }

    @Test func `news reaches every line, however much another one has, and is kept until there is room`() {
        var board = LineBoard(.init(places: 40, perOwner: 40, lines: 1000))
        let lines = (0..<300).map { number in line(places: number < 3 ? 64 : 4) }
        for line in lines { board.hold(line) }
        var pending = Dictionary(
            uniqueKeysWithValues: lines.map { line in
                (line.id, (1...(line.places == 64 ? 5000 : 1)).map { delivery(to: line, Int64($0)) })
            })
        var told = Set(pending.keys)
        for _ in 0..<200 where !told.isEmpty {
            let asks = LineAsk.shares(of: board.asks(at: now), atMost: 50)
            #expect(asks.allSatisfy { $0.count > 0 } && asks.reduce(0) { $0 + $1.count } <= 50)
            let found = asks.flatMap { ask in
                (pending[ask.line] ?? []).filter { $0.position > ask.after }.prefix(ask.count)
            }
            board.add(found, for: asks)
            // Some are busy all the time, and full.
            for begun in board.begin(at: now) {
                told.remove(begun.lineID)
                pending[begun.lineID]?.removeAll { $0.id == begun.id }
                board.finish(
                    begun, .counts(AttemptOutcome(delivery: begun, result: quick, startedAt: now, next: nil)), at: now)
                board.noteStored(begun)
            }
        }
        #expect(told.isEmpty)
        // What comes into a line that is held is asked for; of one that is not, its claim is.
        let (held, stranger) = (lines[7], line())
        let isHeld = board.noteNews(in: [held.id])
        #expect(isHeld && board.asks(at: now).contains { $0.line == held.id })
        let areHeld = board.noteNews(in: [held.id, stranger.id])
        #expect(!areHeld)
    }

    @Test func `a full line keeps its news`() {
        var line = line(places: 1)
        line.add([delivery(to: line, 1)], asked: 2)
        line.noteNews()
        line.add([delivery(to: line, 2)], asked: 2)
        #expect(line.room(at: now) == 0)
        line.noteNews()
        let begun = begin(&line)
        #expect(line.room(at: now) == 0 && begun.map(\.position) == [1])
        line.finish(begun[0], quick, at: now)
        #expect(line.room(at: now) > 0)
    }

    @Test func `what a rest put back is read again in its order, and what is under way is not begun twice`() {
        var line = line(places: 2)
        let thing = EventAggregate.make(at: now)
        let deliveries = (1...4).map { delivery(to: line, Int64($0), of: thing) }
        let other = delivery(to: line, 5)
        line.add(deliveries + [other], asked: 5)
        #expect(begin(&line).map(\.position) == [1, 5])
        line.finish(other, AttemptResult(verdict: .failed(retryAfter: .seconds(30)), status: 503), at: now)
        #expect(line.position == 1)
        let later = now + .seconds(31)
        line.noteStored(other.id)
        #expect(line.room(at: later) > 0)
        line.add([deliveries[0]] + deliveries[1...], asked: 5)
        #expect(line.next(at: later) == nil)
        line.finish(deliveries[0], quick, at: later)
        #expect(line.next(at: later)?.position == 2)
    }

    @Test func `a line in which nothing is left stays in hand for a moment, unless something failed in it`() {
        let start = ContinuousClock.now
        var board = LineBoard(.init())
        let lines = (0..<3).map { _ in line() }
        for line in lines { board.hold(line) }
        board.add(lines.map { delivery(to: $0, 1) }, for: board.asks(at: now))
        let failed = AttemptResult(verdict: .failed(retryAfter: nil), status: 500)
        for begun in board.begin(at: now) {
            let result = begun.lineID == lines[0].id ? failed : quick
            let next = result == failed ? now + .seconds(1) : nil
            board.finish(
                begun, .counts(AttemptOutcome(delivery: begun, result: result, startedAt: now, next: next)), at: now)
            board.noteStored(begun)
        }
        #expect(board.takeDrained(at: start).map(\.id) == [lines[0].id])
        #expect(board.asks(at: now).isEmpty)
        board.noteNews()
        let asks = board.asks(at: now)
        #expect(asks.count == 2 && board.takeDrained(at: start + .seconds(5)).isEmpty)
        board.add([], for: asks)
        #expect(board.takeDrained(at: start + .milliseconds(900)).isEmpty)
        let ask = LineAsk(line: lines[1].id, after: 1, count: 4)
        board.add([delivery(to: lines[1], 2)], for: [ask])
        #expect(board.begin(at: now).map(\.position) == [2])
        #expect(board.takeDrained(at: start + .seconds(1)).map(\.id) == [lines[2].id])
        #expect(board.ids == [lines[1].id])
    }

    @Test func `messages that wait for their provider stay in hand, some of them, and the other lines rest`() {
        var board = LineBoard(
            .init(waiting: 2), pacing: Pacing([.email: .init(together: .init(count: 1, span: .seconds(1)))]))
        let lines = (0..<4).map { _ in line() }
        for line in lines { board.hold(line) }
        board.add(lines.map { delivery(to: $0, 1) }, for: board.asks(at: now))
        let first = board.begin(at: now)
        #expect(first.count == 1)
        let resting = board.takeDrained(at: .now)
        #expect(resting.map(\.pausedUntil) == [now + .seconds(3)])
        #expect(board.nextTurn(after: now) == now + .seconds(1) && board.begin(at: now).isEmpty)
        #expect(board.begin(at: now + .seconds(1)).count == 1 && board.begin(at: now + .seconds(1)).isEmpty)
        #expect(board.begin(at: now + .seconds(2)).count == 1)
        #expect(board.nextTurn(after: now + .seconds(2)) == nil && board.takeDrained(at: .now).isEmpty)
    }

    @Test func `a provider that wants to be asked later is, in order, and nobody else waits`() {
        var line = line()
        let first = delivery(to: line, 7)
        line.add([first, delivery(to: line, 8)], asked: 2)
        line.begin(first)
        line.postpone(first, until: now + .seconds(3))
        #expect(line.isDrained && line.pausedUntil == now + .seconds(3) && line.position == 6)
    }
}
