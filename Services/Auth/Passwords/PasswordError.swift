import ServiceKit
import SharedModels

/// Refusals about passwords.
enum PasswordError: Error, Equatable {
    /// Also when nobody has that address.
    case wrong
    case tooManyWrong(retryAfter: Duration)
    /// So many were wrong, from anywhere, that only a mailed link helps.
    case closed(retryAfter: Duration)
    /// All the password checks that the machine can bear are under way.
    case tooManySignIns
    /// The member, and what it needs.
    case weak(String, String)
    /// The access token is of another account.
    case notYours
    /// The access token is not valid.
    case sessionEnded
    /// The link is unknown, used or has expired.
    case linkEnded
    case tooManyMails(retryAfter: Duration)
}

extension PasswordError: APIError {
    var code: ErrorCode {
        switch self {
        case .wrong, .linkEnded: .badRequest
        case .tooManyWrong, .closed, .tooManyMails: .rateLimitExceeded
        case .tooManySignIns: .serviceUnavailable
        case .weak: .validationFailed
        case .notYours: .forbidden
        case .sessionEnded: .unauthorized
        }
    }

    var publicMessage: String {
        switch self {
        case .wrong: "The e-mail address or the password is wrong."
        case .tooManyWrong: "There were too many wrong passwords for this address; try again later."
        case .closed:
            "There were far too many wrong passwords for this address; have a link mailed to set a new one."
        case .tooManySignIns: "Too many people are signing in right now; try again shortly."
        case .weak(let member, let problem): "\(member) \(problem)."
        case .notYours: "This access token is another account's; send it without, or with the address's own."
        case .sessionEnded: "The session has ended; sign in again."
        case .linkEnded: "The link was used already or has expired; have another one mailed."
        case .tooManyMails: "Too many mails were asked for; wait, and look into the mailbox."
        }
    }

    var issues: [InputIssue] {
        if case .weak(let member, let problem) = self { [InputIssue(path: member, message: problem)] } else { [] }
    }

    var retryAfter: Duration? {
        switch self {
        case .wrong, .weak, .notYours, .sessionEnded, .linkEnded: nil
        case .tooManyWrong(let wait), .closed(let wait), .tooManyMails(let wait): wait
        // About as long as the requests ahead in the queue take.
        case .tooManySignIns: .seconds(5)
        }
    }
}
