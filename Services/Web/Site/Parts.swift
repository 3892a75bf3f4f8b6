import GuildhallClient
import Synchronization

/// What a page shows beside its own matter. The page comes without what does not answer, and says what is missing.
final class Parts: Sendable {
    private let lost = Mutex<[String]>([])

    /// - Parameters:
    ///   - name: What it is called on the page, such as `your gigs`.
    ///   - call: Asks the API for it.
    /// - Returns: `nil` while the service is away that has it.
    /// - Throws: What the API says of the visitor: a session that has ended, something that is not theirs.
    func part<Part: Sendable>(_ name: String, _ call: @Sendable () async throws -> Part) async throws -> Part? {
        do {
            return try await call()
        } catch let refusal as GuildhallRefusal where refusal.status < 500 {
            throw refusal
        } catch {
            try Task.checkCancellation()
            lost.withLock { if !$0.contains(name) { $0.append(name) } }
            return nil
        }
    }

    /// `your gigs and what happened`; `nil` when everything is there.
    var missing: String? {
        let lost = lost.withLock { $0 }
        guard let last = lost.last else { return nil }
        return lost.count == 1 ? last : "\(lost.dropLast().joined(separator: ", ")) and \(last)"
    }
}
