import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: the catalogue has each category and each skill once, whatever its spelling, as admins name it.
@Suite struct ListedNameTests {
    @Test func `a name is added without the spaces around it, listed, and shown as it was written`() async throws {
        try await Market.with { market in
            let skill = try await market.skills.add("  React.js ", at: market.clock.now)
            #expect(skill.name == "React.js" && skill.isListed && skill.createdAt == .start)
            let category = try await market.categories.add("React.js", at: market.clock.now)
            #expect(try await market.skills.listed() == [skill])
            #expect(try await market.categories.listed() == [category])
        }
    }

    @Test(arguments: ["REACT", "reactjs", "React JS", "React.js"])
    func `another spelling of a name is taken`(name: String) async throws {
        try await Market.with { market in
            _ = try await market.skills.add("React.js", at: market.clock.now)
            let vue = try await market.skills.add("Vue", at: market.clock.now)
            await #expect(throws: ListedNameError.taken(name, noun: "skill")) {
                try await market.skills.add(name, at: market.clock.now)
            }
            await #expect(throws: ListedNameError.taken(name, noun: "skill")) {
                try await market.skills.rename(vue.id, name, at: market.clock.now)
            }
            #expect(try await market.skills.listed().map(\.name) == ["React.js", "Vue"])
        }
    }

    @Test func `twenty additions of one name at the same time are one`() async throws {
        try await Market.with { market in
            let added = await attempts(20) {
                try await market.categories.add("Design\($0 % 2 == 0 ? "" : "-")", at: .start)
            }
            #expect(added.successes.count == 1)
            #expect(added.failures.allSatisfy { ($0 as? ListedNameError)?.code == .conflict })
        }
    }

    @Test(arguments: ["", " ", "@home", "-a", "a\u{0}", "\u{301}"])
    func `a name that nobody may give is refused by its member`(name: String) async throws {
        try await Market.with { market in
            let error = await #expect(throws: ListedNameError.unacceptable(name)) {
                try await market.categories.add(name, at: market.clock.now)
            }
            #expect(error?.code.status == 400 && error?.issues.map(\.path) == ["name"])
        }
    }

    @Test func `a renamed name keeps its id, may change its spelling, and frees the old one`() async throws {
        try await Market.with { market in
            let skill = try await market.skills.add("react", at: market.clock.now)
            market.clock.advance(by: .seconds(1))
            let renamed = try await market.skills.rename(skill.id, "React.js", at: market.clock.now)
            #expect(renamed.id == skill.id && renamed.name == "React.js" && renamed.updatedAt == market.clock.now)
            _ = try await market.skills.rename(skill.id, "Preact", at: market.clock.now)
            _ = try await market.skills.add("React", at: market.clock.now)
            #expect(try await market.skills.listed().map(\.name) == ["Preact", "React"])
        }
    }

    @Test func `what is no longer offered stays in the list, and can be offered again`() async throws {
        try await Market.with { market in
            let category = try await market.categories.add("Design", at: market.clock.now)
            for isListed in [false, false, true] {
                try await market.categories.offer(category.id, isListed, at: market.clock.now)
                #expect(try await market.categories.listed().map(\.isListed) == [isListed])
            }
        }
    }

    @Test func `a list has its pages by name, and a search finds a part of it in any case`() async throws {
        try await Market.with { market in
            for name in ["vue", "React.js", "Preact", "100 Percent", "Svelte"] {
                _ = try await market.skills.add(name, at: market.clock.now)
            }
            let first = try await market.skills.page(nil, PageNumber(number: 1, limit: 2))
            #expect(first.names.map(\.name) == ["100 Percent", "Preact"] && first.total == 5)
            let last = try await market.skills.page(nil, PageNumber(number: 3, limit: 2))
            #expect(last.names.map(\.name) == ["vue"] && last.total == 5)
            let none = try await market.skills.page(nil, PageNumber(number: 4, limit: 2))
            #expect(none.names.isEmpty && none.total == 5)
            let found = try await market.skills.page("REACT", PageNumber(number: 1, limit: 1))
            #expect(found.names.map(\.name) == ["Preact"] && found.total == 2)
            // Signs of patterns are plain text.
            #expect(try await market.skills.page("%", PageNumber(number: 1, limit: 9)).total == 0)
        }
    }

    @Test func `what is not there is not changed`() async throws {
        try await Market.with { market in
            let missing = ListedNameError.notFound(noun: "category")
            await #expect(throws: missing) {
                try await market.categories.rename(.make(at: .start), "Design", at: market.clock.now)
            }
            await #expect(throws: missing) {
                try await market.categories.offer(.make(at: .start), true, at: market.clock.now)
            }
        }
    }

    @Test func `other services find names by id and by any spelling, each once`() async throws {
        try await Market.with { market in
            let react = try await market.skills.add("React.js", at: market.clock.now)
            let vue = try await market.skills.add("Vue", at: market.clock.now)
            let found = try await market.skills.find(
                [react.id, .make(at: .start)], named: ["reactjs", "VUE.JS", "Haskell", ""])
            #expect(Set(found.map(\.id)) == [react.id, vue.id] && found.count == 2)
            #expect(try await market.skills.find([], named: []).isEmpty)
        }
    }
}

extension ListedNameWorkflow {
    fileprivate func listed() async throws -> [Name] { try await page(nil, PageNumber(number: 1, limit: 9)).names }
}
