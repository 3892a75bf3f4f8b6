import Foundation

@testable import SharedModels
@testable import TalentService

/// Scores the pairs of a ``LatentMarket`` as somebody would who knows how relevance comes about, and sees only what is shown:
/// it takes profiles and offers at their word. Where it is better than ours, the score has another shape than the truth; what
/// it misses of a perfect list is noise.
struct InformedScorer: Sendable {
    /// How well somebody does what is not listed, about.
    private static let unlisted = 0.2

    let near: NearSkills

    func score(_ person: PersonFeatures, _ company: CompanyFeatures) -> Double {
        company.offers.map { offer in
            guard !offer.needs.isEmpty else { return 0 }
            let craft = offer.needs.map { log(mastery(of: $0.key, person)) }.reduce(0, +) / Double(offer.needs.count)
            let isHere =
                person.place.city == company.place.city || (person.place.isRemote == true && offer.isRemote == true)
            return TaughtScorer.likely(
                short: (TaughtScorer.seniority(offer.years), TaughtScorer.seniority(person.years))
            ) { LatentMarket.use(craft: exp(craft), short: $0, place: isHere ? 1 : 0.5) }
        }.max() ?? 0
    }

    private func mastery(of need: String, _ person: PersonFeatures) -> Double {
        let listed = person.skills.map { skill in
            Self.mastery(at: skill.strength) * Double(near.closeness(of: skill.key, to: need)) / 100
        }
        return max(Self.unlisted, listed.max() ?? 0)
    }

    /// The middle of what people of a level can do.
    private static func mastery(at strength: Int) -> Double {
        switch strength {
        case 100...: 0.92
        case 85...: 0.75
        case 75...: 0.52
        default: 0.35
        }
    }
}
