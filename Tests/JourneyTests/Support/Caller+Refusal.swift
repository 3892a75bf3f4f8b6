import SharedModels
import Testing

extension Caller {
    /// Waits until this credential is refused. A service remembers a credential until it hears of its end, and asks
    /// again when it has heard nothing for 15 s: what comes later does not count.
    func waitUntilRefused(
        at door: SharedModels.Operation, with statuses: Set<Int> = [401],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        _ = try await eventually(
            "\(door.service) refuses the credential", within: .seconds(10), sourceLocation: sourceLocation
        ) {
            statuses.contains(try await ask(door).status) ? true : nil
        }
    }
}
