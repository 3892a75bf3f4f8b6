import Postgres

/// Waits for actions that other callers began.
struct ActionWatch: Sendable {
    /// How long a caller waits: less than our own callers wait for us (8 s).
    static let limit = Duration.seconds(5)
    /// The pause between two looks.
    private static let pause = Duration.milliseconds(50)

    let database: Database
    let actions = ActionStore()

    /// - Returns: The action once it has ended; `nil` when that takes too long.
    func end(of key: String) async throws -> Action? {
        let deadline = ContinuousClock.now + Self.limit
        while ContinuousClock.now < deadline {
            if let action = try await actions.find(key, in: database), action.state != .started { return action }
            try await Task.sleep(for: Self.pause)
        }
        return nil
    }
}
