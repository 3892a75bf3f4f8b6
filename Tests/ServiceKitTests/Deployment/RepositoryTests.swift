import Testing

/// The promise under test: what was written side by side fits together, where no compiler looks.
@Suite struct RepositoryTests {
    @Test func `no migration and no decision has another's number`() throws {
        let files =
            try Repository.files(in: "docs/decisions", ending: ".md") + Repository.files(in: "Services", ending: ".sql")
        let places = Dictionary(grouping: files) { path in
            let parts = path.split(separator: "/")
            return parts.dropLast().joined(separator: "/") + "/" + (parts.last?.prefix(4) ?? "")
        }
        #expect(places.count > 100)
        #expect(places.values.filter { $0.count > 1 } == [])
    }

    /// Shellcheck does not follow a script into what it sources, so it cannot tell that `tests Chaos` runs everything.
    @Test func `no function of the scripts is given arguments that it does not take`() throws {
        var names: [String] = []
        for path in try Repository.files(in: "deploy/local/lib", ending: ".bash") {
            names += Self.functionsWithoutArguments(in: try Repository.text(path))
        }
        #expect(names.count > 10)
        var given: [String] = []
        for path in try Repository.files(in: "deploy/local", ending: "") where path != "deploy/local/lib" {
            let lines = try Repository.text(path).split(separator: "\n").map { $0.prefix { $0 != "#" } }
            for name in names {
                let call = try Regex("(?:^|[ \"!(|;&])\(name) +[^ |&;)}0-9<>]")
                given += lines.filter { !$0.contains("\(name)() {") && $0.contains(call) }.map { "\(path): \($0)" }
            }
        }
        #expect(given == [])
    }

    /// The functions that read none of `$1` and the like.
    private static func functionsWithoutArguments(in text: String) -> [String] {
        var names: [String] = []
        var (name, takesSome): (Substring?, Bool) = (nil, false)
        for line in text.split(separator: "\n") {
            if let beginning = line.prefixMatch(of: /([a-z_]+)\(\) \{/) { (name, takesSome) = (beginning.1, false) }
            guard let current = name else { continue }
            if line.contains(/\$(?:[1-9@*#]|\{[#!]?[1-9@*])/) { takesSome = true }
            guard line.hasPrefix("}") || line.wholeMatch(of: /[a-z_]+\(\) .*\}/) != nil else { continue }
            if !takesSome { names.append(String(current)) }
            name = nil
        }
        return names
    }
}
