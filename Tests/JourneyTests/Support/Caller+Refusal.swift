import SharedModels
import Testing

extension Caller {
    /// Waits until this credential is refused. A service that does not hear of its end remembers a credential for a minute:
    /// what comes that late does not count.
    func waitUntilRefused(
        at door: SharedModels.Operation, with statuses: Set<Int> = [401],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        _ = try await eventually(
            "\(door.service) refuses the credential", within: .seconds(45), sourceLocation: sourceLocation
        ) {
            statuses.contains(try await ask(door).status) ? true : nil
        }
    }
}
