import Foundation

@testable import SharedModels
@testable import TalentService

/// Scores the pairs of a ``LatentMarket`` about as well as what is shown allows: it was taught the truth. It knows how
/// relevance comes about, and guesses what is hidden by regressions over what is shown, which learned from the true
/// values of half the market. What it misses of a perfect list is about what no scorer can know.
struct TaughtScorer: Sendable {
    private struct Work {
        let needs: [(skill: Int, share: Double)]
        let seniority: Double?
        let isRemote: Bool
    }

    private struct Reading {
        /// Logarithms.
        let mastery: [Float]
        let seniority: Double?
    }

    private let people: [AccountID: Reading]
    private let companies: [AccountID: [Work]]

    init(_ market: LatentMarket) {
        let form = Form(skills: market.skills)
        let mastery = Regression(
            market.people.suffix(min(market.people.count / 2, 30_000)).map { person in
                (form.person(person.shown), person.mastery.map { log(Double($0)) })
            }, inputs: form.width, damping: 3)
        let jobs = market.companies.suffix(market.companies.count / 2).flatMap { zip($0.jobs, $0.shown.offers) }
        let shares = Regression(
            jobs.map { job, offer in
                var shares = [Double](repeating: 0, count: market.skills.count)
                for need in job.needs { shares[need.skill] = need.share }
                return (form.offer(offer), shares)
            }, inputs: form.width, damping: 0.3)
        people = Dictionary(
            uniqueKeysWithValues: market.people.map { person in
                let mastery = mastery(form.person(person.shown)).map { Float(min(-0.02, $0)) }
                return (person.id, Reading(mastery: mastery, seniority: Self.seniority(person.shown.years)))
            })
        companies = Dictionary(
            uniqueKeysWithValues: market.companies.map { company in
                let work = company.shown.offers.map { offer in
                    let needs = shares(form.offer(offer)).enumerated().filter { $0.element > 0.02 }
                    let whole = needs.map(\.element).reduce(0, +)
                    return Work(
                        needs: needs.map { ($0.offset, $0.element / whole) }, seniority: Self.seniority(offer.years),
                        isRemote: offer.isRemote == true)
                }
                return (company.id, work)
            })
    }

    func score(_ person: LatentMarket.Person, _ company: LatentMarket.Company) -> Double {
        guard let reading = people[person.id], let works = companies[company.id] else { return 0 }
        let (home, there) = (person.shown.place.city, company.shown.place.city)
        return works.map { work in
            var craft = 0.0
            for need in work.needs { craft += need.share * Double(reading.mastery[need.skill]) }
            let isHere = home == there || (person.isRemote && work.isRemote)
            return Self.likely(short: (work.seniority, reading.seniority)) { short in
                LatentMarket.use(craft: exp(craft), short: short, place: isHere ? 1 : 0.5)
            }
        }.max() ?? 0
    }

    /// The mean over what the seniorities can be: years are misstated by a third of a deviation, and when nobody states
    /// them, anything is possible.
    static func likely(short: (wanted: Double?, there: Double?), _ use: (Double) -> Double) -> Double {
        let spread = [short.wanted, short.there].map { $0 == nil ? 1 : 0.1 }.reduce(0, +).squareRoot()
        let middle = (short.wanted ?? 0) - (short.there ?? 0)
        return stride(from: -2.0, through: 2, by: 0.5)
            .map { exp(-$0 * $0 / 2) * use(middle + spread * $0) }.reduce(0, +)
    }

    static func seniority(_ years: Int?) -> Double? { years.map { (Double($0) - 6) / 3 * 0.9 } }
}

/// What is shown, as numbers.
private struct Form {
    private let places: [String: Int]
    private let count: Int
    var width: Int { 2 * count + 3 }

    init(skills: [String]) {
        places = Dictionary(uniqueKeysWithValues: zip(skills, skills.indices))
        count = skills.count
    }

    func person(_ person: PersonFeatures) -> [(place: Int, value: Double)] {
        let strengths = person.skills.map { Double($0.strength) / 100 }
        var values = [
            (2 * count, 1), (2 * count + 1, Double(strengths.count)),
            (2 * count + 2, strengths.reduce(0, +) / Double(max(1, strengths.count))),
        ]
        for (skill, strength) in zip(person.skills, strengths) {
            guard let place = places[skill.key] else { continue }
            values += [(place, 1), (count + place, strength)]
        }
        return values
    }

    func offer(_ offer: OfferFeatures) -> [(place: Int, value: Double)] {
        let share = 1 / Double(max(1, offer.needs.count))
        return [(2 * count, 1)] + offer.needs.compactMap { need in places[need.key].map { ($0, share) } }
    }
}

/// A linear regression (ridge), solved by Cholesky's decomposition.
private struct Regression {
    private var weights: [[Double]]

    init(_ examples: [(shown: [(place: Int, value: Double)], hidden: [Double])], inputs: Int, damping: Double) {
        let outputs = examples.first?.hidden.count ?? 0
        var squares = [[Double]](repeating: [Double](repeating: 0, count: inputs), count: inputs)
        weights = [[Double]](repeating: [Double](repeating: 0, count: outputs), count: inputs)
        for (shown, hidden) in examples {
            for (place, value) in shown {
                for (other, its) in shown { squares[place][other] += value * its }
                for output in 0..<outputs { weights[place][output] += value * hidden[output] }
            }
        }
        for place in 0..<inputs { squares[place][place] += damping }
        for column in 0..<inputs {
            for earlier in 0..<column where squares[column][earlier] != 0 {
                let factor = squares[column][earlier]
                for row in column..<inputs { squares[row][column] -= squares[row][earlier] * factor }
            }
            let root = squares[column][column].squareRoot()
            for row in column..<inputs { squares[row][column] /= root }
        }
        for output in 0..<outputs {
            for row in 0..<inputs {
                for earlier in 0..<row { weights[row][output] -= squares[row][earlier] * weights[earlier][output] }
                weights[row][output] /= squares[row][row]
            }
            for row in (0..<inputs).reversed() {
                for later in row + 1..<inputs { weights[row][output] -= squares[later][row] * weights[later][output] }
                weights[row][output] /= squares[row][row]
            }
        }
    }

    func callAsFunction(_ shown: [(place: Int, value: Double)]) -> [Double] {
        var sums = [Double](repeating: 0, count: weights.first?.count ?? 0)
        for (place, value) in shown {
            for output in sums.indices { sums[output] += value * weights[place][output] }
        }
        return sums
    }
}
