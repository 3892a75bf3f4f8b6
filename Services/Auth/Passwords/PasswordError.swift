import ServiceKit
import SharedModels

/// Refusals to sign in with a password.
enum PasswordError: Error, Equatable {
    /// Also when nobody has that address.
    case wrong
    case tooManyWrong(retryAfter: Duration)
    /// All the password checks that the machine can bear are under way.
    case tooManySignIns
}

extension PasswordError: APIError {
    var code: ErrorCode {
        switch self {
        case .wrong: .badRequest
        case .tooManyWrong: .rateLimitExceeded
        case .tooManySignIns: .serviceUnavailable
        }
    }

    var publicMessage: String {
        switch self {
        case .wrong: "The e-mail address or the password is wrong."
        case .tooManyWrong: "There were too many wrong passwords for this address; try again later."
        case .tooManySignIns: "Too many people are signing in right now; try again shortly."
        }
    }

    var retryAfter: Duration? {
        switch self {
        case .wrong: nil
        case .tooManyWrong(let wait): wait
        // About as long as the requests ahead in the queue take.
        case .tooManySignIns: .seconds(5)
        }
    }
}
