import ServiceKit
import SharedModels

/// Google's ID tokens at a command, signed with ES256, and the key to check them (`/google/jwks`).
struct GoogleRoutes: Sendable {
    let keys: GoogleKeyStore
    let clock: SandboxClock
    /// The client that the tokens are issued for.
    let audience: String

    func register(on routes: RawRoutes) {
        routes.on(.post, "/google/id_token", issue)
        routes.on(.get, "/google/jwks") { _ in try await .json(["keys": [keys.key().publicJSON]]) }
    }

    private func issue(_ request: RawRequest) async throws -> Answer {
        let input = try ControlInput(request.body, members: ["email", "name", "email_verified"])
        guard let email = try input.text("email", 3...254), email.contains("@"),
            var person = GooglePerson(login: email)
        else {
            throw Refusal.validation("email", "must be a mail address")
        }
        if let name = try input.text("name", 1...200) { person.name = name }
        person.isVerified = try input.flag("email_verified", default: person.isVerified)
        let claims = person.claims(for: audience, at: clock.now)
        return .json(["id_token": .string(try await keys.key().sign(claims))])
    }
}
