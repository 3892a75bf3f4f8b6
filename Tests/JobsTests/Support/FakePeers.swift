import ServiceKit
import SharedModels
import TestSupport

@testable import JobsService

/// Talent and contracts, as far as jobs calls them. Every account except the deleted ones has a name and a profile, and only the
/// negotiations that a test names are over.
final class FakePeers: JobsPeers, Fake {
    struct State {
        /// How many profiles each call asked for.
        var asked: [Int] = []
        var gone: Set<AccountID> = []
        var ended: Set<NegotiationID> = []
        /// What freelancers' profiles name.
        var skills: [FreelancerSkill] = []
        var category: FreelancerCategory?
        /// Thrown by the next call.
        var fault: (any Error)?
    }

    let state = Shared(State())

    var asked: [Int] { current.asked }

    func profiles(of accounts: [AccountID]) async throws -> [PublicProfile] {
        let state = try state.change { state in
            if let fault = state.fault.take() { throw fault }
            state.asked.append(accounts.count)
            return state
        }
        // In any order: here reversed.
        return accounts.reversed().filter { !state.gone.contains($0) }.map { account in
            PublicProfile(
                userID: account, displayName: Self.name(of: account), bio: nil, skills: ["swift"],
                ghostScore: 50,
                resumeURL: nil, portfolioWebsiteURL: nil, vouchedBy: [], githubUsername: nil,
                githubProfileURL: nil)
        }
    }

    func people(_ accounts: [AccountID]) async throws -> [Person] {
        let state = try state.change { state in
            if let fault = state.fault.take() { throw fault }
            state.asked.append(accounts.count)
            return state
        }
        return accounts.reversed().filter { !state.gone.contains($0) }.map {
            Person(userID: $0, userType: .client, name: Self.name(of: $0), email: "a@example.com", picture: "/p.png")
        }
    }

    func freelancers(_ accounts: [AccountID]) async throws -> [FreelancerProfile] {
        let state = try state.change { state in
            if let fault = state.fault.take() { throw fault }
            state.asked.append(accounts.count)
            return state
        }
        return accounts.reversed().filter { !state.gone.contains($0) }.map { account in
            FreelancerProfile(
                id: account, firstName: Self.name(of: account), title: "Engineer", bio: "I count.",
                profilePic: "/p.png", skills: state.skills, jobCategory: state.category, city: "Pune", state: "",
                country: "", zip: "", language: ["English"], profileCompleted: true,
                portfolio: [PortfolioItem(name: "Invoices", imageURL: "https://a.example/i.png")],
                education: Education(college: "Home", course: "Mathematics"), experienceLevel: .expert,
                linkedAccounts: LinkedAccounts(github: "https://github.example/a", linkedIn: "", website: ""),
                employmentHistory: [Employment(company: "Babbage", position: "Analyst", duration: "")],
                createdAt: .start, updatedAt: .start)
        }
    }

    func ended(among negotiations: [NegotiationID]) async throws -> [NegotiationID] {
        try state.change { state in
            if let fault = state.fault.take() { throw fault }
            return negotiations.filter(state.ended.contains)
        }
    }

    static func name(of account: AccountID) -> String { "Freelancer \(account)" }
}
