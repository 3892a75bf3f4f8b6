import ServiceKit
import SharedModels

/// Refusals about stored files.
enum FileError: Error, Equatable {
    case storageUnavailable(reason: String)
}

extension FileError: APIError {
    var code: ErrorCode { .serviceUnavailable }
    var publicMessage: String { "Files cannot be stored or read right now; try again shortly." }
    var retryAfter: Duration? { .seconds(5) }

    var logDetail: String? {
        switch self {
        case .storageUnavailable(let reason): reason
        }
    }
}
