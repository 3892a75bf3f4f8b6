import Postgres
import ServiceKit
import TestSupport

@testable import JobsService
@testable import SharedModels

/// A category and skills that are offered.
struct Offered: Sendable {
    let category: CategoryID
    let skills: [SkillID]

    static func add(to market: Market, _ name: String = "Compilers") async throws -> Offered {
        var skills: [SkillID] = []
        for number in 0..<2 { skills.append(try await market.skills.add("\(name) \(number)", at: market.clock.now).id) }
        return Offered(category: try await market.categories.add(name, at: market.clock.now).id, skills: skills)
    }

    func input(
        title: String = "Compiler work", description: String = "All of it", rate: Int64 = 50_000,
        level: ExperienceLevel = .expert, from start: Timestamp? = nil, to end: Timestamp? = nil
    ) -> JobInput {
        JobInput(
            title: title, description: description, rate: Rupees(paise: rate), experienceLevel: level,
            location: "Pune", category: ObjectID(category), skills: skills.map { ObjectID($0) },
            startDate: start.map { DayOrTime($0) }, endDate: end.map { DayOrTime($0) })
    }
}

extension Market {
    /// A new open job, newer than all others.
    @discardableResult
    func postJob(
        _ offered: Offered, title: String = "Compiler work", description: String = "All of it", rate: Int64 = 50_000,
        level: ExperienceLevel = .expert, by client: AccountID? = nil
    ) async throws -> Job {
        clock.advance(by: .milliseconds(1))
        return try await jobs.create(
            offered.input(title: title, description: description, rate: rate, level: level), by: client ?? owner,
            at: clock.now)
    }

    @discardableResult
    func change(_ job: GigID, _ update: JobUpdate, by client: AccountID? = nil) async throws -> Job {
        try await jobs.update(job, update, by: client ?? owner, at: clock.now, expecting: anyVersion)
    }

    @discardableResult
    func applyToJob(_ job: GigID, by freelancer: AccountID? = nil) async throws -> JobApplication {
        try await jobApplications.apply(
            to: job, JobApplicationInput(coverLetter: "I can do it"), by: freelancer ?? worker, at: clock.now)
    }

    /// A page of jobs: their titles, and what is told of the pages.
    func list(
        of client: AccountID? = nil, _ words: String? = nil, _ filter: JobFilter? = nil, _ sort: JobSort = .dateNew,
        page: Int = 1, limit: Int = 4
    ) async throws -> (titles: [String], total: Int, pages: Int) {
        let found = try await jobs.page(
            JobSearch(of: client, words: words, filter: filter, sort: sort), PageNumber(number: page, limit: limit))
        return (found.items.map(\.title), found.total, found.pages)
    }
}
