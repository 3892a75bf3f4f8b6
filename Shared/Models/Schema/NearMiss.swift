/// Guesses what an unknown name was meant to be.
enum NearMiss {
    /// Longer names are not compared: they are not typing slips, and the comparison takes the square of their length.
    private static let longest = 64

    /// - Returns: The known name with the most similar spelling; `nil` when no name is similar enough.
    static func of(_ name: String, among known: [String]) -> String? {
        let sought = letters(name)
        guard (2...longest).contains(sought.count) else { return nil }
        let guesses = known.compactMap { known in
            distance(sought, letters(known)).map { (name: known, distance: $0) }
        }
        return guesses.min { $0.distance < $1.distance }?.name
    }

    /// Makes `rateCents`, `rate-cents` and `rate_cents` the same.
    private static func letters(_ name: String) -> [UInt8] {
        name.utf8.prefix(longest + 1).filter { $0.isASCIIAlphanumeric || $0 >= 0x80 }.map(\.asciiLowercased)
    }

    /// 0 for the same letters, 1 for a name that was cut short, otherwise the number of slips between them.
    ///
    /// - Returns: `nil` for more slips than one in three letters.
    private static func distance(_ name: [UInt8], _ known: [UInt8]) -> Int? {
        if name == known { return 0 }
        let shorter = min(name.count, known.count)
        if shorter >= 3, name.starts(with: known) || known.starts(with: name) { return 1 }
        let slips = slips(name, known)
        return slips <= max(1, shorter / 3) && slips < shorter ? slips : nil
    }

    /// How many letters are wrong, missing, extra or swapped with their neighbour (optimal string alignment).
    private static func slips(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, beforeLast[j - 1] + 1) }
                row.append(least)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}

extension InputIssue {
    /// The issue for an unknown member or parameter, whose name is cut when it is long. It suggests the name that was
    /// probably meant, and lists all known ones.
    ///
    /// - Parameter path: The place of what has the unknown name; empty for the body and the query.
    public static func unknown(_ name: String, in path: String = "", known: [String]) -> InputIssue {
        let name = name.excerpt
        let guess = NearMiss.of(name, among: known).map { " (did you mean \($0)?)" } ?? ""
        let all = known.isEmpty ? "nothing" : known.joined(separator: ", ")
        return InputIssue(
            path: path.isEmpty ? name : "\(path).\(name)", message: "is not known here\(guess); known: \(all)")
    }
}
