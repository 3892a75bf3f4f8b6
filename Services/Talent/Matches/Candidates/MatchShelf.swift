import SharedModels

/// One side of the market in memory: who has which skill, and what else a score needs. Rows are only added; what was
/// replaced is dead until the shelf is packed again.
struct MatchShelf: Sendable {
    /// A row of a skill's list: its number above the strength, which has eight bits.
    typealias Posting = UInt32

    private(set) var owners: [AccountID] = []
    private(set) var facts: [PackedFacts] = []
    /// The years of ``facts`` beside each other: they alone rule out most rows.
    private(set) var years: [UInt8] = []
    /// How many skills a row is measured by.
    private(set) var widths: [UInt8] = []
    private var isAlive: [Bool] = []
    private(set) var postings: [[Posting]] = []
    /// The first row of each owner and how many there are.
    private var places: [AccountID: Range<UInt32>] = [:]
    private var dead = 0

    var count: Int { owners.count }
    var living: Int { owners.count - dead }

    func isAlive(_ row: Int) -> Bool { isAlive[row] }

    /// Replaces the rows of an owner.
    ///
    /// - Parameter rows: Skills by their numbers, with strengths up to 255.
    mutating func put(_ owner: AccountID, _ rows: [(skills: [(number: Int, strength: Int)], facts: PackedFacts)]) {
        if let old = places.removeValue(forKey: owner) {
            for row in old { isAlive[Int(row)] = false }
            dead += old.count
        }
        guard !rows.isEmpty else { return }
        let first = UInt32(owners.count)
        for row in rows {
            let number = UInt32(owners.count)
            owners.append(owner)
            facts.append(row.facts)
            years.append(row.facts.years)
            widths.append(UInt8(clamping: row.skills.count))
            isAlive.append(true)
            for skill in row.skills where skill.strength > 0 {
                while postings.count <= skill.number { postings.append([]) }
                postings[skill.number].append(number << 8 | UInt32(min(skill.strength, 255)))
            }
        }
        places[owner] = first..<UInt32(owners.count)
        if dead > 10_000, dead > owners.count / 2 { pack() }
    }

    private mutating func pack() {
        var rows = [UInt32](repeating: .max, count: owners.count)
        var packed = MatchShelf()
        for row in owners.indices where isAlive[row] {
            rows[row] = UInt32(packed.owners.count)
            packed.owners.append(owners[row])
            packed.facts.append(facts[row])
            packed.years.append(years[row])
            packed.widths.append(widths[row])
            packed.isAlive.append(true)
        }
        packed.postings = postings.map { list in
            list.compactMap { rows[Int($0 >> 8)] == .max ? nil : rows[Int($0 >> 8)] << 8 | ($0 & 0xFF) }
        }
        packed.places = places.mapValues { old in
            let first = rows[Int(old.lowerBound)]
            return first..<first + UInt32(old.count)
        }
        self = packed
    }
}
