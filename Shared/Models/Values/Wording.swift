// Grammar for messages to people.

extension String {
    /// The word behind its article: "a client", "an email", "a user".
    public var withArticle: String {
        let soundsLikeYou = ["use", "uni", "url", "uri"].contains { lowercased().hasPrefix($0) }
        let isVowel = unicodeScalars.first.map { "aeiouAEIOU".unicodeScalars.contains($0) } ?? false
        return isVowel && !soundsLikeYou ? "an \(self)" : "a \(self)"
    }
}

extension BinaryInteger {
    /// A number of things: "1 second", "2 seconds".
    ///
    /// - Parameter noun: The singular of a noun with a regular plural.
    public func counted(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }
}

extension ClosedRange where Bound == Int {
    /// An accepted count: "at most 1 element", "3 to 10 characters", "1 element".
    func phrase(of noun: String) -> String {
        if lowerBound == upperBound { return lowerBound.counted(noun) }
        if lowerBound == 0 { return "at most \(upperBound.counted(noun))" }
        return "\(lowerBound) to \(upperBound.counted(noun))"
    }
}
