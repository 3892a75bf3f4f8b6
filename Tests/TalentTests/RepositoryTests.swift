import ServiceKit
import SharedModels
import Synchronization
import TestSupport
import Testing

@testable import TalentService

/// The promise under test: a person's public repositories are shown, without asking GitHub too often or depending on
/// it.
@Suite struct RepositoryTests {
    @Test func `repositories are shown in GitHub's order and words`() async throws {
        try await with { (gitHub, talents) async throws in
            let list = try await repositories(talents)
            #expect(list.username == "ada" && talents.features.links.gitHub("ada") == "https://github.example/ada")
            #expect(list.latest.count == 10)
            let first = try #require(list.latest.first)
            #expect(
                first
                    == RepositoryView(
                        name: "engine-0", htmlURL: "https://github.example/ada/engine-0", description: nil,
                        stargazersCount: 7, updatedAt: .start, language: "Swift"))
            #expect(gitHub.asked == ["/users/ada/repos"])
        }
    }

    @Test(arguments: [1, 10, 30])
    func `as many are shown as are asked for, out of one question to GitHub`(count: Int) async throws {
        try await with { (gitHub, talents) async throws in
            _ = try await repositories(talents)
            #expect(try await repositories(talents, atMost: count).latest.count == count)
            #expect(gitHub.asked.count == 1)
        }
    }

    @Test func `GitHub is asked again after ten minutes, not before`() async throws {
        try await with { (gitHub, talents) async throws in
            _ = try await repositories(talents)
            gitHub.say(.repositories(2))
            talents.clock.advance(by: RepositoryWorkflow.freshness - .seconds(1))
            #expect(try await repositories(talents).latest.count == 10)
            talents.clock.advance(by: .seconds(1))
            #expect(try await repositories(talents).latest.count == 2)
            #expect(gitHub.asked.count == 2)
        }
    }

    @Test func `a description that cannot be kept is cleaned, and the other repositories are shown as ever`()
        async throws
    {
        try await with { (gitHub, talents) async throws in
            let bad = #"{"name":"a","html_url":"https://github.example/a","description":"x\u0000y \ud800","#
            let rest = #""stargazers_count":1,"updated_at":"2026-01-01T00:00:00Z","language":"C"}"#
            let good = #"{"name":"b","html_url":"https://github.example/b","description":"fine","#
            gitHub.say(.text("[\(bad)\(rest),\(good)\(rest),{\"name\":7}]"))
            let first = try await repositories(talents).latest
            #expect(first.map(\.name) == ["a", "b"])
            #expect(first.map(\.description) == ["xy \u{FFFD}", "fine"])
            #expect(try await repositories(talents).latest == first)
            #expect(gitHub.asked.count == 1)
        }
    }

    @Test(arguments: [
        FakeGitHub.Mood.status(403), .status(429), .text("<html>"), .text("{}"), .text("[\"\u{0}\"]"),
    ])
    func `while GitHub fails, what it said last is shown, however old`(mood: FakeGitHub.Mood) async throws {
        try await with { (gitHub, talents) async throws in
            _ = try await repositories(talents)
            gitHub.say(mood)
            talents.clock.advance(by: .days(30))
            #expect(try await repositories(talents).latest.count == 10)
            gitHub.say(.repositories(3))
            #expect(try await repositories(talents).latest.count == 3)
        }
    }

    @Test func `what GitHub said is forgotten after a week`() async throws {
        try await with { (gitHub, talents) async throws in
            _ = try await repositories(talents)
            talents.features.repositories.register(on: talents.scheduler)
            gitHub.say(.status(500))
            talents.clock.advance(by: RepositoryWorkflow.retention + .days(1))
            try await talents.scheduled {
                try await eventually("it is forgotten") {
                    try await RepositoryStore().find("ada", in: talents.database) == nil
                }
            }
        }
    }

    @Test(arguments: [FakeGitHub.Mood.status(500), .status(403), .text("not json")])
    func `when GitHub fails and nothing is known, that is told as its failure`(mood: FakeGitHub.Mood)
        async throws
    {
        try await with { (gitHub, talents) async throws in
            gitHub.say(mood)
            let refused = await #expect(throws: RepositoryError.self) { try await repositories(talents) }
            #expect(refused?.code == .badGateway && refused?.retryAfter != nil)
            #expect(refused?.publicMessage.contains("500") == false)
        }
    }

    @Test func `nobody at GitHub's address is a failure of GitHub's too`() async throws {
        try await Talents.with { (talents) async throws in
            let refused = await #expect(throws: RepositoryError.self) { try await repositories(talents) }
            #expect(refused?.code == .badGateway)
        }
    }

    @Test func `without a GitHub name, or an account, there is nothing`() async throws {
        try await with { (gitHub, talents) async throws in
            let without = talents.newAccount()
            await #expect(throws: RepositoryError.noGitHub(without)) {
                try await repositories(talents, of: without)
            }
            let nobody = AccountID.make(at: .start)
            await #expect(throws: ProfileError.notFound(nobody)) {
                try await repositories(talents, of: nobody)
            }
            #expect(RepositoryError.noGitHub(without).code == .notFound)
            #expect(gitHub.asked.isEmpty)
        }
    }

    @Test func `a name that GitHub does not know any more shows nothing, not what was there`() async throws {
        try await with { (gitHub, talents) async throws in
            _ = try await repositories(talents)
            gitHub.say(.status(404))
            talents.clock.advance(by: .hours(1))
            for _ in 0..<2 {
                await #expect(throws: RepositoryError.gitHubUserNotFound("ada")) {
                    try await repositories(talents)
                }
            }
            gitHub.say(.status(403))
            let refused = await #expect(throws: RepositoryError.self) { try await repositories(talents) }
            #expect(refused?.code == .badGateway)
        }
    }

    @Test func `what is no repository, or leads elsewhere than the web, is left out`() async throws {
        try await with { (gitHub, talents) async throws in
            gitHub.say(
                .text(
                    """
                    [{"name": "a"}, 5, {"name": "b", "html_url": "javascript:alert(1)",
                      "updated_at": "2026-01-01T00:00:00Z"},
                     {"name": "c", "html_url": "https://a.example/c", "updated_at": "2026-01-01T00:00:00Z"}]
                    """))
            #expect(try await repositories(talents).latest.map(\.name) == ["c"])
        }
    }

    @Test func `many who look at the same time all see the list`() async throws {
        try await with { (_, talents) async throws in
            _ = try await talents.own()
            let looks = await attempts(8) { try await repositories(talents).latest.count }
            #expect(looks.failures.isEmpty && Set(looks.successes) == [10])
        }
    }

    private func repositories(
        _ talents: Talents, of account: AccountID? = nil, atMost count: Int = 10
    ) async throws -> (username: String, latest: [RepositoryView]) {
        try await talents.features.repositories.repositories(
            of: account ?? talents.account, atMost: count, at: talents.clock.now)
    }

    private func with(_ body: @Sendable (FakeGitHub, Talents) async throws -> Void) async throws {
        let gitHub = FakeGitHub()
        try await LocalServer.serve(gitHub.answer) { url in
            try await Talents.with(gitHub: url) { try await body(gitHub, $0) }
        }
    }
}

/// GitHub's list of a user's repositories.
final class FakeGitHub: Sendable {
    enum Mood: Sendable {
        case repositories(Int)
        case status(Int)
        case text(String)
    }

    private let state = Mutex((mood: Mood.repositories(30), asked: [String]()))

    var asked: [String] { state.withLock { $0.asked } }

    func say(_ mood: Mood) { state.withLock { $0.mood = mood } }

    @Sendable func answer(_ asked: LocalServer.Asked) -> LocalServer.Answer {
        let mood = state.withLock { state in
            state.asked.append(asked.path)
            return state.mood
        }
        switch mood {
        case .status(let status): return .init(status: status)
        case .text(let text): return .init(body: Array(text.utf8))
        case .repositories(let count):
            // Without a page size GitHub would show a different number.
            guard asked.query.contains("per_page=30"), asked.headers["authorization"] == nil else {
                return .init(status: 422)
            }
            return .init(body: JSONValue.array((0..<count).map(Self.repository)).bytes)
        }
    }

    private static func repository(_ number: Int) -> JSONValue {
        [
            "id": .integer(Int64(number)), "name": "engine-\(number)", "private": false,
            "html_url": "https://github.example/ada/engine-\(number)", "description": nil,
            "language": "Swift",
            "stargazers_count": 7, "updated_at": "2026-01-01T00:00:00Z",
        ]
    }
}
