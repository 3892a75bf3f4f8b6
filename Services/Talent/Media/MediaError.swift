import ServiceKit
import SharedModels

/// Refusals about images and videos.
enum MediaError: Error, Equatable {
    case notFound
    /// The field, and what is wrong with its file.
    case unusable(String, String)
    case invalidLink
    case tooMuch(bytes: Int)
    case notOwn
    case unavailable(reason: String)
}

extension MediaError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .unusable: .validationFailed
        case .invalidLink, .notOwn: .forbidden
        case .tooMuch: .payloadTooLarge
        case .unavailable: .serviceUnavailable
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such image or video."
        case .unusable(let field, let problem): "\(field) \(problem)."
        case .invalidLink: "The link has expired or is not ours; read again what showed it, or send a credential."
        case .tooMuch(let bytes):
            "Your images and videos would take more than \(bytes >> 20) MiB together; remove some first."
        case .notOwn: "The id in the path must be your own."
        case .unavailable: "Images cannot be worked on right now; try again shortly."
        }
    }

    var suggestion: String? { self == .notOwn ? "Use your own id in the path." : nil }

    var issues: [InputIssue] {
        if case .unusable(let field, let problem) = self { [InputIssue(path: field, message: problem)] } else { [] }
    }

    var logDetail: String? { if case .unavailable(let reason) = self { reason } else { nil } }
}
