import Testing

/// The promise under test: a reader who follows a link in the documents arrives.
@Suite struct DocumentLinkTests {
    @Test func `every link leads to a file of the repository, and to a heading that is there`() throws {
        var headings: [String: Set<String>] = [:]
        var count = 0
        for document in try Self.documents() {
            let folder = document.split(separator: "/").dropLast()
            for link in try Self.prose(document).matches(of: /\]\(([^()\s]+)\)/).map(\.output.1) {
                if link.contains(":") { continue }
                count += 1
                let parts = link.split(separator: "#", omittingEmptySubsequences: false)
                let path = parts[0].isEmpty ? document : Self.resolve(String(parts[0]), in: folder)
                #expect(Repository.exists(path), "\(document): \(link)")
                guard parts.count > 1, Repository.exists(path) else { continue }
                let known = try headings[path] ?? Self.anchors(path)
                headings[path] = known
                #expect(known.contains(String(parts[1])), "\(document): \(link)")
            }
        }
        #expect(count > 100)
    }

    @Test func `every file that a document names is there`() throws {
        var count = 0
        for document in try Self.documents() where !document.hasPrefix("docs/adding-") {
            let named = try Self.prose(document)
                .matches(of: /`((?:docs|deploy|Services|Shared|Tests|bench)\/[\w.\/+-]+\.[a-z]+)`/)
            for path in named.map(\.output.1) {
                count += 1
                #expect(Repository.exists(String(path)), "\(document): \(path)")
            }
        }
        #expect(count > 30)
    }

    @Test func `each decision has a number of its own, and its title says it`() throws {
        let decisions = try Repository.files(in: "docs/decisions", ending: ".md")
        let numbers = decisions.compactMap { $0.split(separator: "/").last?.prefix(4) }
        #expect(decisions.count > 50 && Set(numbers).count == decisions.count)
        for (decision, number) in zip(decisions, numbers) {
            #expect(try Repository.text(decision).hasPrefix("# \(number): "), "\(decision)")
        }
    }

    private static func documents() throws -> [String] {
        let own = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
        return try own + Repository.files(in: "docs", ending: ".md") + Repository.files(in: "bench", ending: ".md")
    }

    /// A document without its blocks of code.
    private static func prose(_ document: String) throws -> String {
        var isCode = false
        return try Repository.text(document).split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if line.hasPrefix("```") { isCode.toggle() }
            return !isCode
        }.joined(separator: "\n")
    }

    private static func resolve(_ path: String, in folder: ArraySlice<Substring>) -> String {
        var parts = Array(folder)
        for part in path.split(separator: "/") {
            if part == ".." { parts.removeLast() } else if part != "." { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// What a forge makes of the headings.
    private static func anchors(_ document: String) throws -> Set<String> {
        let titles = try prose(document).split(separator: "\n").compactMap { $0.prefixMatch(of: /#+ (.*)/)?.output.1 }
        return Set(
            titles.map { title in
                String(
                    title.lowercased().compactMap { character in
                        if character == " " { return "-" }
                        return character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
                    })
            })
    }
}
