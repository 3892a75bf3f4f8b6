import SharedModels

/// What can happen to a review.
enum ReviewEvent: String, CaseIterable, Sendable {
    /// Both parties have written, or one has waited long enough.
    case publish
    /// An admin takes it down.
    case hide
}

/// Where a review stands (the words are in `SharedModels`).
///
///     pending ──publish──▶ published ──hide──▶ hidden
///        └───────────────hide───────────────────▲
extension ReviewStatus {
    /// The status that follows when `event` happens now.
    ///
    /// Pure: no clock, no store, no network.
    ///
    /// - Throws: ``IllegalMove`` when the diagram has no such arrow.
    func applying(_ event: ReviewEvent) throws(IllegalMove) -> ReviewStatus {
        switch (self, event) {
        case (.pending, .publish): .published
        case (.pending, .hide), (.published, .hide): .hidden
        case (.published, _), (.hidden, _):
            throw IllegalMove(self, event)
        }
    }

    func allows(_ event: ReviewEvent) -> Bool {
        do {
            _ = try applying(event)
            return true
        } catch {
            return false
        }
    }
}
