import Synchronization

/// A value that the tasks of a test change together.
package final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    package init(_ value: Value) {
        state = Mutex(value)
    }

    package var value: Value { state.withLock { $0 } }

    @discardableResult
    package func change<Result: Sendable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try state.withLock { value throws(Failure) in try body(&value) }
    }
}
