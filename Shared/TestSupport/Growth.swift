import Glibc

/// How the time for some work grows with its input. It counts the CPU time of this thread alone, and the shortest of
/// several runs, so that other programs change little about it.
package enum Growth {
    /// The sizes that are compared, in bytes. The second is eight times the first.
    package static let sizes = (small: 2_000, large: 16_000)
    /// Eight times as much input may take so many times as long. What grows with the square takes 64 times as long.
    private static let most = 24.0
    /// Shorter times, in seconds, are mostly the noise of the clock.
    private static let least = 0.000_1

    /// Does `work` for both sizes, again when it looks too slow.
    ///
    /// - Parameter sizes: The second is eight times the first.
    /// - Returns: How many times as long the large size takes at least; `nil` when it grows like its input.
    package static func excess(
        of sizes: (small: Int, large: Int) = sizes, _ work: (_ size: Int) -> Void
    ) -> Double? {
        var factor = Double.infinity
        for _ in 0..<4 {
            let large = time { work(sizes.large) }
            // However short the small one is.
            if large <= most * least { return nil }
            // The first run of something is slower than the next.
            let small = (0..<3).map { _ in time { work(sizes.small) } }.min() ?? 0
            factor = min(factor, large / max(least, small))
            if factor <= most { return nil }
        }
        return factor
    }

    private static func time(_ work: () -> Void) -> Double {
        let start = now
        work()
        return now - start
    }

    private static var now: Double {
        var moment = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &moment)
        return Double(moment.tv_sec) + Double(moment.tv_nsec) / 1e9
    }
}

/// Texts that some reader of text is slow with.
package enum WorstText {
    /// By what they are made of, over and over.
    package static let pieces: [(name: String, piece: String)] = [
        ("accents in the wrong order", "\u{323}\u{301}"), ("accents in their order", "\u{323}"), ("flags", "🇩"),
        ("joined emoji", "👩\u{200D}"), ("letters that are taken apart", "\u{FB2C}"), ("Hangul", "\u{1112}\u{1161}"),
        ("quotes", "\""), ("backslashes", "\\"), ("spaces", " "), ("underscores", "_"), ("digits", "9"),
        ("marks of e-mail", "a@"), ("steps of paths", "../"), ("words with marks", "a-1-"),
    ]

    /// A text of about `size` bytes.
    package static func text(of piece: String, _ size: Int) -> String {
        String(repeating: piece, count: max(1, size / piece.utf8.count))
    }
}
