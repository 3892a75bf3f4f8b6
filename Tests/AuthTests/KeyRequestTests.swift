import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: the owner of a key sees what it asked for lately, nobody else does, and there is never more of it
/// than a key may have.
@Suite struct KeyRequestTests {
    private let clock = TestClock()

    private func use(_ body: (AuthWorld, KeyRequestWorkflow, APIKeyID) async throws -> Void) async throws {
        try await AuthWorld.use(clock) { world in
            let key = try await world.keys.create(APIKeyInput(name: "laptop"), for: world.account).id
            try await body(world, world.features.keyRequests, key)
        }
    }

    private func note(_ key: APIKeyID, _ number: Int, status: Int = 200) -> KeyRequestNote {
        KeyRequestNote(
            apiKeyID: key, at: clock.now + .milliseconds(number), method: "GET", path: "/api/gigs/{id}",
            status: status, durationUs: 850, requestID: "r\(number)")
    }

    @Test func `the requests come newest first, page by page`() async throws {
        try await use { world, requests, key in
            try await requests.keep([note(key, 1), note(key, 2, status: 404)])
            try await requests.keep([note(key, 3)])
            let first = try await requests.page(of: key, for: world.account, after: nil, limit: 2)
            #expect(first.items.map(\.requestID) == ["r3", "r2"] && first.items.map(\.status) == [200, 404])
            #expect(first.items.last?.path == "/api/gigs/{id}" && first.items.last?.durationUs == 850)
            let cursor = try #require(first.nextCursor.flatMap { PageCursor($0) })
            let second = try await requests.page(of: key, for: world.account, after: cursor, limit: 2)
            #expect(second.items.map(\.requestID) == ["r1"] && second.nextCursor == nil)
        }
    }

    @Test func `a key has the last 500 requests, and takes no more room`() async throws {
        try await use { world, requests, key in
            for batch in 0..<11 { try await requests.keep((0..<50).map { note(key, batch * 50 + $0) }) }
            let rows: Int = try await world.database.one("SELECT count(*) AS count FROM key_requests") {
                try $0.decode("count")
            }
            #expect(rows == KeyRequest.limit)
            let all = try await requests.page(of: key, for: world.account, after: nil, limit: 1000)
            #expect(all.items.first?.requestID == "r549" && all.items.last?.requestID == "r50")
            // One more takes the place of the oldest one, however many came together with that.
            try await requests.keep([note(key, 550)])
            let next = try await requests.page(of: key, for: world.account, after: nil, limit: 1000)
            #expect(next.items.first?.requestID == "r550" && next.items.last?.requestID == "r51")
        }
    }

    @Test func `a stranger's question, and one about no key, is a 404`() async throws {
        try await use { world, requests, key in
            try await requests.keep([note(key, 1)])
            await #expect(throws: KeyError.notFound(key)) {
                try await requests.page(of: key, for: .make(at: clock.now), after: nil, limit: 1)
            }
            let missing = APIKeyID.make(at: clock.now)
            await #expect(throws: KeyError.notFound(missing)) {
                try await requests.page(of: missing, for: world.account, after: nil, limit: 1)
            }
        }
    }

    @Test func `what is told of a key that is not there is left out, with nothing else`() async throws {
        try await use { world, requests, key in
            try await requests.keep([note(.make(at: clock.now), 1), note(key, 2)])
            let found = try await requests.page(of: key, for: world.account, after: nil, limit: 9)
            #expect(found.items.map(\.requestID) == ["r2"])
        }
    }

    @Test func `after a week a request is neither shown nor kept`() async throws {
        try await use { world, requests, key in
            try await requests.keep([note(key, 1)])
            clock.advance(by: KeyRequest.retention + .seconds(1))
            try await requests.keep([note(key, 2)])
            let shown = try await requests.page(of: key, for: world.account, after: nil, limit: 9)
            #expect(shown.items.map(\.requestID) == ["r2"])
            try await requests.prune()
            let kept: [String] = try await world.database.all("SELECT request_id FROM key_requests") {
                try $0.decode("request_id")
            }
            #expect(kept == ["r2"])
        }
    }

    @Test func `a deleted account leaves none behind`() async throws {
        try await use { world, requests, key in
            try await requests.keep([note(key, 1)])
            try await world.deletions.delete(world.account, reason: nil)
            // A service tells of it seconds later.
            try await requests.keep([note(key, 2)])
            let rows: Int = try await world.database.one("SELECT count(*) AS count FROM key_requests") {
                try $0.decode("count")
            }
            #expect(rows == 0)
        }
    }

    @Test func `services that tell at the same time lose nothing`() async throws {
        try await use { world, requests, key in
            let other = try await world.keys.create(APIKeyInput(name: "server"), for: world.account).id
            let told = await attempts(20) { number in
                try await requests.keep([note(other, number), note(key, number)])
            }
            #expect(told.successes.count == 20)
            for one in [key, other] {
                let page = try await requests.page(of: one, for: world.account, after: nil, limit: 50)
                #expect(page.items.count == 20)
            }
        }
    }
}
