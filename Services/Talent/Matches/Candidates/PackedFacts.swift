/// What a score needs of one side besides the skills, in 24 bytes. Words are digests of theirs: two that collide can put a
/// candidate into the second stage that does not belong there, and nothing else.
struct PackedFacts: Sendable, Equatable {
    private static let noYears = UInt8.max

    let years: UInt8
    /// 0 unknown, 1 no, 2 yes.
    private let remote: UInt8
    private let country: UInt16
    private let city: UInt32
    /// Sets of words, a bit for each.
    private let roleTypes: UInt32
    private let sizes: UInt32
    private let industries: UInt32

    init(_ person: PersonFeatures) {
        self.init(
            years: person.years, place: person.place, isRemote: person.place.isRemote, roleTypes: person.roleTypes,
            sizes: person.companySizes, industries: person.industries)
    }

    init(_ company: CompanyFeatures, _ offer: OfferFeatures) {
        self.init(
            years: offer.years, place: company.place, isRemote: offer.isRemote ?? company.place.isRemote,
            roleTypes: company.roleTypes, sizes: company.sizes, industries: company.industries)
    }

    private init(
        years: Int?, place: Place, isRemote: Bool?, roleTypes: [String], sizes: [String], industries: [String]
    ) {
        self.years = years.map { UInt8(clamping: min(max($0, 0), 250)) } ?? Self.noYears
        remote = isRemote.map { $0 ? 2 : 1 } ?? 0
        country = place.country.map { UInt16(truncatingIfNeeded: Self.digest($0)) | 1 } ?? 0
        city = place.city.map { UInt32(truncatingIfNeeded: Self.digest($0)) | 1 } ?? 0
        self.roleTypes = Self.bits(roleTypes)
        self.sizes = Self.bits(sizes)
        self.industries = Self.bits(industries)
    }

    /// What ``MatchScorer`` finds for a person and an offer of so many ``years``.
    static func experience(_ years: UInt8, for wanted: UInt8) -> Int {
        let isKnown = years != noYears && wanted != noYears
        return MatchScorer.experience(years: isKnown ? Int(years) : nil, wanted: isKnown ? Int(wanted) : nil)
    }

    func cultural(for offer: Self) -> Int {
        var (sum, count) = (0, 0)
        if let location = location(for: offer) { (sum, count) = (location, 1) }
        for (one, other) in [
            (roleTypes, offer.roleTypes), (sizes, offer.sizes), (industries, offer.industries),
        ] where one != 0 && other != 0 {
            count += 1
            if one & other != 0 { sum += MatchScorer.whole }
        }
        return count == 0 ? MatchScorer.unknown : sum / count
    }

    private func location(for offer: Self) -> Int? {
        if remote == 2, offer.remote == 2 { return MatchScorer.whole }
        let isOneCountry = country != 0 && country == offer.country
        if city != 0, city == offer.city, isOneCountry || country == 0 || offer.country == 0 {
            return MatchScorer.whole
        }
        if isOneCountry { return MatchScorer.whole / 2 }
        return (city != 0 && offer.city != 0) || (country != 0 && offer.country != 0) ? 0 : nil
    }

    private static func bits(_ words: [String]) -> UInt32 {
        words.reduce(0) { $0 | 1 << UInt32(digest($1) >> 40 & 31) }
    }

    /// FNV-1a with 64 bits (RFC draft `eastlake-fnv`).
    private static func digest(_ word: String) -> UInt64 {
        word.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
