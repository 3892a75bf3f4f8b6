import TestSupport
import Testing

/// The promise under test: the measure that the other tests here rely on tells work in proportion from slower work.
@Suite struct GrowthMeasureTests {
    @Test func `What grows with the square is found`() {
        // What our readers of names did once: Swift sorts the accents.
        let texts = texts(of: "\u{323}\u{301}")
        #expect(isFound { _ = Set([texts[$0]]) })
        let bytes = texts.mapValues { Array($0.utf8) }
        var found = 0
        #expect(
            isFound { size in
                let some = (bytes[size] ?? []).prefix(size / 50)
                for byte in bytes[size] ?? [] { for other in some where other < byte { found += 1 } }
            })
        #expect(found > 0)
    }

    /// A measure forgives what a busy machine does to the times, so it may forgive once too often.
    private func isFound(_ work: (_ size: Int) -> Void) -> Bool {
        (0..<5).contains { _ in Growth.excess(work) != nil }
    }

    @Test func `What grows like its input is not`() {
        for (_, piece) in WorstText.pieces {
            let texts = texts(of: piece)
            #expect(Growth.excess { _ = texts[$0]?.utf8.reduce(0) { $0 &+ Int($1) } } == nil)
            #expect(Growth.excess { _ = texts[$0]?.unicodeScalars.map(\.value).sorted() } == nil)
        }
    }

    private func texts(of piece: String) -> [Int: String] {
        [Growth.sizes.small, Growth.sizes.large].reduce(into: [:]) { $0[$1] = WorstText.text(of: piece, $1) }
    }
}
