import SharedModels

/// Something to be done at a time, as a type: what it is called, and what it has to know.
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
/// Kinds, keys and payloads are in rows that outlive a release: what was written in an old form must stay readable.
package protocol ScheduledWork: Sendable {
    /// Names the work in its row; never changed.
    static var kind: String { get }
    /// Tells it from other work of its kind: there is one item for each kind and key.
    var key: String { get }
    /// What it has to know besides.
    var payload: JSONValue { get }

    /// - Throws: ``UnreadableWork`` for a row that says nothing of the kind; the item becomes a dead letter.
    init(key: String, payload: JSONValue) throws
}

/// Work whose key is all that it has to know.
package protocol WorkOnSubject: ScheduledWork {
    associatedtype Subject: LosslessStringConvertible & Sendable
    /// What it is about.
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

    /// - Parameter name: Of the place that `text` was read from.
    package static func read<Value: LosslessStringConvertible>(_ text: String?, _ name: String) throws(Self) -> Value {
        guard let value = text.flatMap({ Value($0) }) else {
            throw Self("the \(name) is no \(Value.self): \(text ?? "it is missing")")
        }
        return value
    }
}

/// What becomes of an item after its handler.
package enum ScheduledOutcome: Sendable, Equatable {
    case done
    /// It is to be done once more, with the attempts counted from one.
    case again(at: Timestamp)
}
