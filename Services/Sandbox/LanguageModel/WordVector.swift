/// A text as a direction, by its words alone: each word adds to one dimension.
enum WordVector {
    private static let dimensions = 64

    static func of(_ text: String) -> [Double] {
        var vector = [Double](repeating: 0, count: dimensions)
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            vector[Int(StableHash.of(String(word)) % UInt64(dimensions))] += 1
        }
        let length = vector.map { $0 * $0 }.reduce(0, +).squareRoot()
        return length > 0 ? vector.map { $0 / length } : [1] + vector.dropFirst()
    }
}
