import SharedModels

/// A secret that can be replaced while everything runs: new things are made with the current one, and what was made
/// with an earlier one is still read.
package struct RotatingSecret: Sendable, Equatable {
    package let current: Secret
    /// Newest first. Empty, except while a secret is being replaced.
    package let earlier: [Secret]

    package init(_ current: Secret, earlier: [Secret] = []) {
        self.current = current
        self.earlier = earlier
    }

    /// - Parameter text: The current one, and earlier ones after commas.
    package init(reading text: String) {
        let parts = text.listed.map { Secret($0) }
        self.init(parts.first ?? Secret(""), earlier: Array(parts.dropFirst()))
    }

    /// All of them, the current one first.
    package var all: [Secret] { [current] + earlier }
}
