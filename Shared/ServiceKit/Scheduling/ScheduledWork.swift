import SharedModels

/// Work to be done at a certain time, as a type: its name, and the data it needs.
///
///     /// An earning that is due.
///     struct PayOut: WorkOnSubject {
///         static let kind = "escrow.payout"
///         let subject: MilestoneID
///     }
///
///     try await scheduler.schedule(PayOut(milestone), at: due, in: tx)
///     scheduler.on(PayOut.self) { work in try await workflow.payOut(work.subject) }
///
/// Rows with kinds, keys and payloads outlive a release, so an old form must stay readable.
package protocol ScheduledWork: Sendable {
    /// The name of the work in its row. It never changes.
    static var kind: String { get }
    /// Identifies the work within its kind. There is one item for each kind and key.
    var key: String { get }
    /// The other data it needs.
    var payload: JSONValue { get }

    /// - Throws: ``UnreadableWork`` for a row that cannot be read as this kind. The item becomes a dead letter.
    init(key: String, payload: JSONValue) throws
}

/// Work that needs no data except its key.
package protocol WorkOnSubject: ScheduledWork {
    associatedtype Subject: LosslessStringConvertible & Sendable
    /// The thing that the work is about.
    var subject: Subject { get }
    init(subject: Subject)
}

extension WorkOnSubject {
    package init(_ subject: Subject) { self.init(subject: subject) }

    package init(key: String, payload: JSONValue) throws {
        self.init(subject: try UnreadableWork.read(key, "key"))
    }

    package var key: String { "\(subject)" }
    package var payload: JSONValue { .null }
}

/// A row of scheduled work that does not say what to do.
package struct UnreadableWork: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    /// - Parameter name: The place that `text` was read from.
    package static func read<Value: LosslessStringConvertible>(_ text: String?, _ name: String) throws(Self) -> Value {
        guard let value = text.flatMap({ Value($0) }) else {
            throw Self("the \(name) is no \(Value.self): \(text ?? "it is missing")")
        }
        return value
    }
}

/// What happens to an item after its handler.
package enum ScheduledOutcome: Sendable, Equatable {
    case done
    /// It must be done once more. Attempts are counted from one again.
    case again(at: Timestamp)
}
