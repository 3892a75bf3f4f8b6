import OutboundHTTP
import ServiceKit

/// An error that may pass: the same request may succeed a little later.
protocol PassingError: Error {}

extension Error {
    /// Whether the same request may succeed a little later.
    var isPassing: Bool {
        switch self {
        case let refusal as PeerRefusal: !refusal.isFinal
        case is OutboundError, is any PassingError: true
        default: false
        }
    }
}
