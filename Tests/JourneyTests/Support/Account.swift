import OutboundHTTP
import SharedModels
import Testing

/// A made-up person who has signed in with GitHub.
struct Account: Sendable {
    let id: String
    /// The name at GitHub.
    let login: String
    /// With the session's cookie, so it is not metered.
    let session: Caller

    /// An API key of this account.
    ///
    /// - Parameter agent: The hosted agent that it is for.
    func key(for agent: String? = nil) async throws -> Key {
        let made = try await session.succeed(
            Endpoints.keys.create.operation, [:],
            ["name": "journey", "hosted_agent_id": agent.map { .string($0) } ?? .null])
        let text = try #require(made["key"]?.string)
        var caller = session
        caller.headers = [("Authorization", "Bearer \(text)")]
        return Key(id: try #require(made["id"]?.string), text: text, caller: caller)
    }

    struct Key: Sendable {
        let id: String
        let text: String
        let caller: Caller
    }
}

extension Stack {
    /// A caller without a credential.
    var anyone: Caller { Caller(stack: self, address: gateway) }

    func client() async throws -> Account { try await account(.client) }
    func freelancer() async throws -> Account { try await account(.freelancer) }

    /// The account of that type for a GitHub login; by default a new user.
    func account(
        _ type: UserType, login: String = "j\(UInt64.random(in: 1 ... .max))"
    ) async throws -> Account {
        var caller = anyone
        caller.headers = [("Cookie", "guildhall_session=\(try await signIn(as: login))")]
        let me = try await caller.succeed(Endpoints.session.current.operation)
        if me["user_type"]?.string != type.rawValue {
            try await caller.succeed(Endpoints.profiles.update.operation, [:], ["user_type": .string(type.rawValue)])
        }
        return Account(id: try #require(me["user_id"]?.string), login: login, session: caller)
    }

    /// Goes through the redirects of a sign-in by hand, as a browser does.
    ///
    /// - Returns: The session cookie's value.
    private func signIn(as login: String) async throws -> String {
        try await eventually("the sign-in is answered") {
            let start = try await send(OutboundRequest(.get, gateway + "/api/session/github"))
            let cookies = start.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
            let consent = try await send(
                OutboundRequest(.get, try absolute(start.header("location")) + "&login=\(login)"))
            let done = try await send(
                OutboundRequest(.get, try absolute(consent.header("location")), headers: [("Cookie", cookies)]))
            // On a busy machine GitHub may answer too late. Who begins again signs in.
            if done.status == 503 { return nil }
            let session: String = try #require(done.cookies["guildhall_session"], "the sign-in ended with \(done)")
            return session
        }
    }

    private func absolute(_ location: String?) throws -> String {
        let location = try #require(location, "the sign-in sends on")
        return location.hasPrefix("/") ? gateway + location : location
    }
}
