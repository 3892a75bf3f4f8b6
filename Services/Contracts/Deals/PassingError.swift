import OutboundHTTP
import ServiceKit

/// What ends by itself: the same may well succeed a little later.
protocol PassingError: Error {}

extension Error {
    /// Whether the same may well succeed a little later.
    var isPassing: Bool {
        switch self {
        case let refusal as PeerRefusal: !refusal.isFinal
        case is OutboundError, is any PassingError: true
        default: false
        }
    }
}
