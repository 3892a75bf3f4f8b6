import SharedModels

/// Adds up what the rows of a shelf are worth.
struct MatchTally {
    private var sums: [UInt32]
    /// What a row is worth for the skill that is being added.
    private var current: [UInt16] = []
    /// The rows that are worth something.
    private var touched: [UInt32] = []

    init(_ rows: Int) {
        sums = [UInt32](repeating: 0, count: rows)
    }

    /// Adds `credit` to each row of a list.
    mutating func add(_ list: [MatchShelf.Posting], _ credit: Int) {
        touched.reserveCapacity(touched.count + list.count)
        sums.withUnsafeMutableBufferPointer { sums in
            for posting in list {
                let row = posting >> 8
                if sums[Int(row)] == 0 { touched.append(row) }
                sums[Int(row)] &+= UInt32(credit)
            }
        }
    }

    /// Adds the best that each row has in one of the lists: its strength there times the closeness.
    mutating func addBest(of lists: [(list: [MatchShelf.Posting], closeness: Int)]) {
        guard lists.contains(where: { !$0.list.isEmpty }) else { return }
        if current.isEmpty { current = [UInt16](repeating: 0, count: sums.count) }
        var rows: [UInt32] = []
        current.withUnsafeMutableBufferPointer { current in
            for (list, closeness) in lists {
                let closeness = UInt32(closeness)
                for posting in list {
                    let row = Int(posting >> 8)
                    let credit = UInt16(truncatingIfNeeded: (posting & 0xFF) &* closeness)
                    if current[row] == 0 { rows.append(UInt32(row)) }
                    if credit > current[row] { current[row] = credit }
                }
            }
        }
        sums.withUnsafeMutableBufferPointer { sums in
            for row in rows {
                if sums[Int(row)] == 0 { touched.append(row) }
                sums[Int(row)] &+= UInt32(current[Int(row)])
                current[Int(row)] = 0
            }
        }
    }

    /// The best rows, the best first.
    ///
    /// Rows are looked at by their technical part, the best first, until no other can come among the best.
    ///
    /// - Parameters:
    ///   - mostTotal: The score that a row with this technical part can have. It grows with the part.
    ///   - technical: The technical part of a row by what it is worth, up to ``MatchScorer/whole``.
    ///   - total: The score of a row; `nil` leaves it out. Nothing up to `least` counts any more.
    func best(
        _ most: Int, mostTotal: (_ technical: Int) -> Int, technical: (_ row: Int, _ sum: UInt32) -> UInt32,
        total: (_ row: Int, _ technical: Int, _ least: Int) -> Int?
    ) -> [(row: Int, total: Int)] {
        let (order, starts) = sorted(by: technical)
        var best: [(row: Int, total: Int)] = []
        var least = 0
        for step in (0..<Self.classes).reversed() {
            guard mostTotal((step + 1) * Self.span - 1) > least else { break }
            for (row, part) in order[starts[step]..<starts[step + 1]] where mostTotal(Int(part)) > least {
                guard let total = total(Int(row), Int(part), least), total > least else { continue }
                best.append((Int(row), total))
                guard best.count >= 3 * most else { continue }
                best.sort { $0.total > $1.total }
                best.removeLast(best.count - most)
                least = best[most - 1].total
            }
        }
        return Array(best.sorted { $0.total > $1.total }.prefix(most))
    }

    /// Technical parts are told apart in steps of so much.
    private static let span = 128
    private static let classes = MatchScorer.whole / span + 1

    /// The rows with their technical parts, class by class, and where each class begins.
    private func sorted(
        by technical: (_ row: Int, _ sum: UInt32) -> UInt32
    ) -> (order: [(row: UInt32, part: UInt32)], starts: [Int]) {
        let parts = touched.map { min(technical(Int($0), sums[Int($0)]), UInt32(MatchScorer.whole)) }
        var starts = [Int](repeating: 0, count: Self.classes + 1)
        for part in parts { starts[Int(part) / Self.span + 1] += 1 }
        for place in 1...Self.classes { starts[place] += starts[place - 1] }
        var next = starts
        let order = [(row: UInt32, part: UInt32)](unsafeUninitializedCapacity: touched.count) { order, count in
            for (row, part) in zip(touched, parts) {
                order.initializeElement(at: next[Int(part) / Self.span], to: (row, part))
                next[Int(part) / Self.span] += 1
            }
            count = touched.count
        }
        return (order, starts)
    }
}
