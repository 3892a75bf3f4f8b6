import ServiceKit
import SharedModels
import TestSupport

@testable import TalentService

/// A provider whose vectors count words.
final class FakeEmbedder: TextEmbedder, Fake {
    struct State {
        /// The texts that it was shown, in order.
        var shown: [String] = []
        /// Texts with this word are refused.
        var refused: String?
        /// Thrown by every call.
        var outage: (any Error)?
    }

    let model = "words-1"
    let state = Shared(State())

    func vectors(of texts: [String]) async throws -> [TextVector] {
        try state.change { state in
            if let outage = state.outage { throw outage }
            if let word = state.refused, texts.contains(where: { $0.contains(word) }) { throw TextRefused(status: 400) }
            state.shown += texts
            return texts.compactMap { text in
                var counts = [Double](repeating: 0, count: 32)
                for word in text.lowercased().split(separator: " ") {
                    counts[word.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % 32] += 1
                }
                return TextVector(model: model, counts)
            }
        }
    }
}
