import ServiceKit
import SharedModels

/// Wrong passwords are counted per subject.
enum AttemptSubject: Sendable, Equatable {
    /// The address of a sign-in, whether or not an account has it.
    case email(String)
    /// A session whose owner signs in again while the address is locked.
    case session(SessionID)

    var sha256: [UInt8] {
        switch self {
        case .email(let address): APIKeyFormat.sha256("email:\(address)")
        case .session(let id): APIKeyFormat.sha256("session:\(id)")
        }
    }
}

/// A permitted guess. It counts as wrong until it turns out right.
struct Attempt: Sendable, Equatable {
    /// Ten wrong passwords per account and hour (platform contract, section 2).
    static let limit = 10
    static let window = Duration.hours(1)

    let subject: AttemptSubject
    let windowBeganAt: Timestamp
}
