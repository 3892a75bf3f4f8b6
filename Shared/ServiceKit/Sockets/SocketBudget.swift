import Synchronization

/// How much memory may wait for clients, or for their turn, in a whole process.
final class SocketBudget: Sendable {
    private let limit: Int
    private let taken = Atomic(0)

    init(_ limit: Int) { self.limit = limit }

    /// - Returns: `false` when there is no room for so many bytes.
    func take(_ bytes: Int) -> Bool {
        guard taken.add(bytes, ordering: .relaxed).newValue <= limit else {
            give(bytes)
            return false
        }
        return true
    }

    func give(_ bytes: Int) { taken.subtract(bytes, ordering: .relaxed) }

    var inUse: Int { taken.load(ordering: .relaxed) }
}
