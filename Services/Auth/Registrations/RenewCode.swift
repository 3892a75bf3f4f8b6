import ServiceKit
import SharedModels

/// Somebody has asked for another code. Whether there is a registration is found out afterwards, so that the answer,
/// and the time until it, tell nothing.
struct RenewCode: ScheduledWork, Equatable {
    static let kind = "auth.registration.renew"

    let id: ClaimID
    /// In lower case.
    let email: String
    /// What the request asked for.
    var language: Language?

    var key: String { "\(id)" }
    var payload: JSONValue { ["email": .string(email), "language": language.map { .string($0.rawValue) } ?? .null] }
}

extension RenewCode {
    init(key: String, payload: JSONValue) throws {
        self.init(
            id: try UnreadableWork.read(key, "key"), email: try UnreadableWork.read(payload["email"]?.string, "email"),
            language: payload["language"]?.string.flatMap { Language(rawValue: $0) })
    }
}
