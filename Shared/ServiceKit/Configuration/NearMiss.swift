/// Guesses which known name was meant.
package enum NearMiss {
    /// - Returns: The known name with the fewest different letters: at most two, or at most one in a short name; `nil`
    ///   when every known name differs by more.
    package static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        let limit = name.count < 6 ? 1 : 2
        return known.map { (name: $0, distance: distance(name, $0)) }
            .filter { $0.distance <= limit }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }

    /// How many letters must be added, removed, replaced or swapped with a neighbour to turn one name into the other
    /// (Damerau and Levenshtein's optimal string alignment).
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var rows = [[Int](0...right.count)]
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                let isSame = left[i] == right[j]
                var least = min(rows[i][j] + (isSame ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    least = min(least, rows[i - 1][j - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
