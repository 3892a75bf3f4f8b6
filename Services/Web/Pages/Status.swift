import SharedModels

/// What a state is called, and in which of five tones it is shown. The word says it; the tone only repeats it.
enum Status {
    enum Tone: String { case calm, going, waiting, good, bad }

    static func values(_ word: String, _ tone: Tone) -> Values { ["word": word, "tone": tone.rawValue] }

    static func gig(_ status: GigStatus) -> Values {
        switch status {
        case .draft: values("Draft", .calm)
        case .active: values("Open", .good)
        case .closed: values("Closed", .calm)
        }
    }
}
