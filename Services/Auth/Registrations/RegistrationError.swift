import ServiceKit
import SharedModels

/// Refusals to open an account.
enum RegistrationError: Error, Equatable {
    case adminRole
    /// An account has the address.
    case taken
    case badName
    case badMobile
    /// The code is wrong or has expired, or there is no registration.
    case wrongCode
    /// The member is not what was registered.
    case differs(String)
    case tooManyMails(retryAfter: Duration)
}

extension RegistrationError: APIError {
    var code: ErrorCode {
        switch self {
        case .adminRole: .forbidden
        case .taken: .conflict
        case .badName, .badMobile, .differs: .validationFailed
        case .wrongCode: .badRequest
        case .tooManyMails: .rateLimitExceeded
        }
    }

    var publicMessage: String {
        switch self {
        case .adminRole: "Nobody can register as an admin; register as a client or a freelancer."
        case .taken: "An account with this address exists already; sign in, or have a link for a new password mailed."
        case .badName, .badMobile, .differs: issues.map { "\($0.path) \($0.message)." }.joined()
        case .wrongCode: "The code is wrong or has expired; have another one mailed, or register again."
        case .tooManyMails: "Too many mails were asked for; wait, and look into the mailbox."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .badName: [InputIssue(path: "name", message: PlainWords.refusal)]
        case .badMobile:
            [InputIssue(path: "mobile", message: "must consist of digits, spaces, +, - and parentheses")]
        case .differs(let member):
            [InputIssue(path: member, message: "is not what was registered; register again to change it")]
        case .adminRole, .taken, .wrongCode, .tooManyMails: []
        }
    }

    var retryAfter: Duration? {
        if case .tooManyMails(let wait) = self { wait } else { nil }
    }
}
