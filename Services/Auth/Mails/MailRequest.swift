import ServiceKit
import SharedModels

/// Somebody has asked for a mail. Whether it is sent is found out afterwards, so that the answer, and the time until it, tell
/// nothing of who has an account.
protocol MailRequest: ScheduledWork, Equatable {
    var id: ClaimID { get }
    /// In lower case.
    var email: String { get }
    /// What the request asked for. It counts until the account chooses.
    var language: Language? { get }

    init(id: ClaimID, email: String, language: Language?)
}

extension MailRequest {
    var key: String { "\(id)" }
    var payload: JSONValue { ["email": .string(email), "language": language.map { .string($0.rawValue) } ?? .null] }

    init(key: String, payload: JSONValue) throws {
        self.init(
            id: try UnreadableWork.read(key, "key"), email: try UnreadableWork.read(payload["email"]?.string, "email"),
            language: payload["language"]?.string.flatMap { Language(rawValue: $0) })
    }
}
