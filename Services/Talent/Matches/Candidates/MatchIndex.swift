import SharedModels

/// Finds the few of a million that fit best: the first stage of matching. It goes through the lists of the skills that count,
/// and measures everybody on them with the terms of ``MatchScorer``.
struct MatchIndex: Sendable {
    private(set) var people = MatchShelf()
    /// A row for each offer.
    private(set) var offers = MatchShelf()
    private var numbers: [String: Int] = [:]
    let scorer: MatchScorer

    init(_ scorer: MatchScorer) {
        self.scorer = scorer
    }

    /// - Parameter features: `nil` takes the account out.
    mutating func put(_ account: AccountID, _ features: MatchFeatures?) {
        switch features {
        case .person(let person):
            offers.put(account, [])
            let skills = person.skills.map { skill in
                (number(of: skill.key), MatchScorer.strength(skill.strength, among: person.skills.count))
            }
            people.put(account, skills.isEmpty ? [] : [(skills, PackedFacts(person))])
        case .company(let company):
            people.put(account, [])
            offers.put(
                account,
                company.offers.filter { !$0.needs.isEmpty }.map { offer in
                    (offer.needs.map { (number(of: $0.key), 100) }, PackedFacts(company, offer))
                })
        case nil:
            people.put(account, [])
            offers.put(account, [])
        }
    }

    /// The accounts on the other side that fit best, the best first.
    func best(_ most: Int, for features: MatchFeatures) -> [AccountID] {
        switch features {
        case .person(let person): return best(most, for: person)
        case .company(let company):
            let found = company.offers.filter { !$0.needs.isEmpty }.map { best(most, for: $0, of: company) }
            return Self.best(most, of: found.flatMap(\.self))
        }
    }

    private func best(_ most: Int, for person: PersonFeatures) -> [AccountID] {
        // How well each skill is covered that somebody could ask for.
        var credits: [Int: Int] = [:]
        func note(_ key: String, _ credit: Int) {
            guard let number = numbers[key] else { return }
            credits[number] = max(credits[number] ?? 0, credit)
        }
        for skill in person.skills {
            let strength = MatchScorer.strength(skill.strength, among: person.skills.count)
            note(skill.key, 100 * strength)
            for (other, closeness) in scorer.near.neighbours(of: skill.key) { note(other, closeness * strength) }
        }
        var tally = MatchTally(offers.count)
        for (number, credit) in credits where number < offers.postings.count && credit > 0 {
            tally.add(offers.postings[number], credit)
        }
        let facts = PackedFacts(person)
        let rows = tally.best(8 * most) { row, sum, least in
            let technical = sum / Int(offers.widths[row])
            guard mostTotal(technical) > least, offers.isAlive(row) else { return nil }
            return scorer.total(
                technical: technical, cultural: facts.cultural(for: offers.facts[row]),
                experience: facts.experience(for: offers.facts[row]))
        }
        return Self.best(most, of: rows.map { (offers.owners[$0.row], $0.total) })
    }

    private func best(
        _ most: Int, for offer: OfferFeatures, of company: CompanyFeatures
    ) -> [(AccountID, Int)] {
        var tally = MatchTally(people.count)
        for need in offer.needs {
            let nearby = [(need.key, 100)] + scorer.near.neighbours(of: need.key).map { ($0.key, $0.value) }
            tally.addBest(
                of: nearby.compactMap { key, closeness in
                    guard let number = numbers[key], number < people.postings.count else { return nil }
                    return (people.postings[number], closeness)
                })
        }
        let facts = PackedFacts(company, offer)
        let rows = tally.best(most) { row, sum, least in
            let technical = sum / offer.needs.count
            guard mostTotal(technical) > least, people.isAlive(row) else { return nil }
            return scorer.total(
                technical: technical, cultural: people.facts[row].cultural(for: facts),
                experience: people.facts[row].experience(for: facts))
        }
        return rows.map { (people.owners[$0.row], $0.total) }
    }

    /// The total that a row with this part can have, so that most rows need not be looked at any further.
    private func mostTotal(_ technical: Int) -> Int {
        scorer.total(technical: technical, cultural: MatchScorer.whole, experience: MatchScorer.whole)
    }

    /// Each account once, with the best that it has.
    private static func best(_ most: Int, of found: [(AccountID, Int)]) -> [AccountID] {
        var seen: Set<AccountID> = []
        let sorted = found.sorted { ($0.1, $1.0) > ($1.1, $0.0) }
        return Array(sorted.map(\.0).filter { seen.insert($0).inserted }.prefix(most))
    }

    private mutating func number(of key: String) -> Int {
        if let number = numbers[key] { return number }
        numbers[key] = numbers.count
        return numbers.count - 1
    }
}

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

    /// The best rows, in any order.
    ///
    /// - Parameter total: The score of a row by what it is worth; `nil` leaves it out. Nothing up to `least` counts any more.
    func best(_ most: Int, total: (_ row: Int, _ sum: Int, _ least: Int) -> Int?) -> [(row: Int, total: Int)] {
        var best: [(row: Int, total: Int)] = []
        var least = 0
        for row in touched {
            guard let total = total(Int(row), Int(sums[Int(row)]), least), total > least else { continue }
            best.append((Int(row), total))
            guard best.count >= 4 * most else { continue }
            best.sort { $0.total > $1.total }
            best.removeLast(best.count - most)
            least = best[most - 1].total
        }
        return Array(best.sorted { $0.total > $1.total }.prefix(most))
    }
}
