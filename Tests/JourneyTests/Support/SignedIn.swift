import SharedModels
import Testing

/// A person who has signed in with e-mail and password.
struct SignedIn: Sendable {
    /// In the form of ClawConnected.
    let id: String
    let accessToken: String
    /// The cookie's value.
    let refreshToken: String
    /// With the access token.
    let caller: Caller

    init(_ answer: Answer, at stack: Stack) throws {
        id = try #require(answer["user"]?["id"]?.string.flatMap { AccountID($0) }, "\(answer)").description
        accessToken = try #require(answer["accessToken"]?.string)
        refreshToken = try #require(answer.cookies["refreshToken"])
        caller = Caller(
            stack: stack, address: stack.gateway, headers: [("Authorization", "Bearer \(accessToken)")])
    }
}

extension Stack {
    /// The admin's credentials from the stack's settings.
    static func adminCredentials(password: String? = nil) throws -> JSONValue {
        [
            "email": .string(try setting("ADMIN_EMAIL")),
            "password": .string(try password ?? setting("ADMIN_PASSWORD")),
        ]
    }

    /// The admin of the stack's settings, just signed in.
    func admin() async throws -> SignedIn {
        try SignedIn(
            try await anyone.succeed(Endpoints.auth.login.operation, [:], Self.adminCredentials()), at: self)
    }

    /// A caller with a refresh token in the cookies.
    func holder(of refreshToken: String) -> Caller {
        var caller = anyone
        caller.headers = [("Cookie", "refreshToken=\(refreshToken)")]
        return caller
    }
}
