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
        let rows = tally.best(8 * most, mostTotal: { mostTotal($0) }) { row, sum in
            sum / UInt32(offers.widths[row])
        } total: { row, technical, least in
            let experience = PackedFacts.experience(facts.years, for: offers.years[row])
            guard mostTotal(technical, experience) > least, offers.isAlive(row) else { return nil }
            return scorer.total(
                technical: technical, cultural: facts.cultural(for: offers.facts[row]), experience: experience)
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
        let width = UInt32(offer.needs.count)
        let rows = tally.best(most, mostTotal: { mostTotal($0) }) { _, sum in
            sum / width
        } total: { row, technical, least in
            let experience = PackedFacts.experience(people.years[row], for: facts.years)
            guard mostTotal(technical, experience) > least, people.isAlive(row) else { return nil }
            return scorer.total(
                technical: technical, cultural: people.facts[row].cultural(for: facts), experience: experience)
        }
        return rows.map { (people.owners[$0.row], $0.total) }
    }

    /// The total that a row with these parts can have, so that most rows need not be looked at any further.
    private func mostTotal(_ technical: Int, _ experience: Int = MatchScorer.whole) -> Int {
        scorer.total(technical: technical, cultural: MatchScorer.whole, experience: experience)
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
