import Postgres
import ServiceKit
import SharedModels

/// Puts names and companies to matches. Nothing of it was known when they were scored.
struct MatchDisplay: Sendable {
    let profiles: ProfileStore
    let features: TalentFeatureStore
    let details: WorkDetailsStore
    let links: ProfileLinks

    /// The matches with the profiles of the others. Those whose accounts are deleted are left out.
    func shown(_ matches: [ScoredMatch], at now: Timestamp, in executor: some SQLExecutor) async throws -> [ShownMatch]
    {
        guard !matches.isEmpty else { return [] }
        let others = matches.map(\.match.otherID)
        let people = try await profiles.find(others, in: executor).compactMap(KnownPerson.init)
        let features = try await features.find(others, in: executor)
        let details = try await details.find(others, in: executor)
        let shown = people.map { person in
            ShownTalentProfile(
                person: person,
                features: features.first { $0.userID == person.profile.userID }
                    ?? TalentFeatures(of: person.profile.userID),
                details: details.first { $0.userID == person.profile.userID } ?? WorkDetails(of: person.profile.userID))
        }
        let known = Dictionary(shown.map { ($0.profile.userID, $0) }, uniquingKeysWith: { $1 })
        return matches.compactMap { scored in
            known[scored.match.otherID].map { ShownMatch(scored: scored, profile: profile($0, at: now), now: now) }
        }
    }

    private func profile(_ other: ShownTalentProfile, at now: Timestamp) -> MatchedProfile {
        let (company, picture) = (other.features.company, links.picture(of: other.profile, at: now))
        let isPerson = other.person.account.userType == .freelancer
        return MatchedProfile(
            name: other.profile.displayName, title: other.profile.title, type: isPerson ? "freelancer" : company.type,
            logo: picture.isEmpty ? nil : picture, location: other.location,
            companySize: isPerson ? nil : company.size, industry: isPerson ? nil : company.industry)
    }
}

/// A match as its user sees it.
struct ShownMatch: Sendable {
    let scored: ScoredMatch
    let profile: MatchedProfile
    let now: Timestamp

    func view(for type: UserType) -> MatchView {
        let (match, explanation) = (scored.match, scored.explanation)
        return MatchView(
            id: match.id, userID: match.otherID, profile: profile, work: explanation?.offer.work,
            status: match.status(at: now),
            matchScore: scored.points.total, matchReasons: explanation?.reasons ?? [],
            skillsMatched: explanation?.skills.map {
                MatchedSkill(skill: $0.need.name, hundredths: MatchScore.rounded($0.credit))
            } ?? [],
            compatibilityScores: scored.points.compatibility, createdAt: match.createdAt, expiresAt: match.expiresAt,
            nextActions: match.nextActions(by: type == .client ? .client : .worker, at: now))
    }
}
