import Foundation
import SharedModels
import Testing

extension Journeys {
    @Suite struct Repositories {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `Somebody's repositories on GitHub are shown to everybody signed in, as many as asked for`() async throws {
            let (owner, reader) = (try await stack.freelancer(), try await stack.client())
            let operation = Endpoints.repositories.list.operation
            let list = try await reader.session.succeed(operation, ["userId": owner.id])
            let username = try #require(list["github_username"]?.string)
            #expect(list["github_profile_url"]?.string?.hasSuffix("/\(username)") == true)
            let repositories = try #require(list["repos"]?.array)
            #expect((1...10).contains(repositories.count))
            for repository in repositories {
                #expect(
                    Set(repository.object?.map(\.name) ?? []) == [
                        "name", "html_url", "description", "stargazers_count", "updated_at", "language",
                    ])
            }
            let one = try await reader.session.succeed(operation, ["userId": owner.id], query: "?per_page=1")
            #expect(one["repos"]?.array == Array(repositories.prefix(1)))
        }

        @Test
        func `A page's size beyond 1 to 30 is refused by name, and nobody has no repositories`() async throws {
            let account = try await stack.freelancer()
            let operation = Endpoints.repositories.list.operation
            for size in ["0", "31", "-1", "ten", "1.0", "", "99999999999999999999"] {
                let answer = try await account.session.ask(
                    operation, ["userId": account.id], query: "?per_page=\(size)")
                #expect(answer.status == 400 && answer.issuePaths == ["per_page"], "\(size): \(answer)")
            }
            let nobody = try await account.session.ask(operation, ["userId": UUID().uuidString])
            #expect(nobody.status == 404)
        }
    }
}
