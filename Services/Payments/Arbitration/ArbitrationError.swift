import ServiceKit
import SharedModels

/// Refusals about arbitration fees.
enum ArbitrationError: Error, Equatable {
    case feeNotFound(DisputeID)
}

extension ArbitrationError: APIError {
    var code: ErrorCode { .notFound }
    var publicMessage: String { "Nobody was charged for this dispute." }

    var logDetail: String? {
        switch self {
        case .feeNotFound(let id): "dispute \(id)"
        }
    }
}
