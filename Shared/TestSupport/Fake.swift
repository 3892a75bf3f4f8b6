import OutboundHTTP
import ServiceKit
import SharedModels

/// A stand-in for what a service asks of others. A test changes its state, and its calls answer from it.
package protocol Fake: Sendable {
    associatedtype State: Sendable
    var state: Shared<State> { get }
}

extension Fake {
    package var current: State { state.value }
    package func change(_ body: (inout State) -> Void) { state.change(body) }
}

extension PeerRefusal {
    /// The answer of a service that refuses with `code`.
    package static func sample(_ code: ErrorCode, _ message: String = "no") -> Self {
        let body: JSONValue = ["error": ["code": .string(code.rawValue), "message": .string(message)]]
        return Self(
            Endpoints.authInternal.account.operation, OutboundResponse(status: code.status, body: body.bytes))
    }
}
