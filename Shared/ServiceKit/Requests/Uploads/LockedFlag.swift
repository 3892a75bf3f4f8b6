import Synchronization

/// Something that happens once.
final class LockedFlag: Sendable {
    private let state = Mutex(false)

    /// - Returns: Whether it was set before.
    func set() -> Bool {
        state.withLock { wasSet in
            defer { wasSet = true }
            return wasSet
        }
    }
}
