import ServiceKit
import SharedModels
import Synchronization
import TestSupport

/// A caller: an account, and the credential that it shows.
struct Caller: Sendable {
    let account: AccountID
    let headers: [(name: String, value: String)]
    /// The text of the credential.
    let secret: String
}

/// Auth, as a service calls it. It knows the credentials that a test has made.
final class FakeAuth: Sendable {
    private struct Away: Error {}

    private struct State {
        var known: [String: Principal] = [:]
        var isAway = false
        /// How many requests the plan has left in the minute. Each question is granted one.
        var left = 60
        var concurrent = 5
        var asked = 0
    }

    private let clock: TestClock
    private let state = Mutex(State())

    init(_ clock: TestClock) {
        self.clock = clock
    }

    /// How often it was asked.
    var asked: Int { state.withLock { $0.asked } }

    /// Makes it unreachable from now on.
    func goAway() { state.withLock { $0.isAway = true } }

    /// Lets the plan allow `count` more requests.
    func leave(_ count: Int) { state.withLock { $0.left = count } }

    func allow(atOnce count: Int) { state.withLock { $0.concurrent = count } }

    /// A new key, of a new account unless one is given.
    func key(
        _ scopes: [Scope]? = nil, of account: AccountID? = nil, _ type: UserType = .client,
        expiresAt: Timestamp? = nil
    ) -> Caller {
        caller(.apiKey, scopes, account, type, expiresAt: expiresAt) { [("Authorization", "Bearer \($0)")] }
    }

    func session(of account: AccountID? = nil, _ type: UserType = .client, expiresAt: Timestamp? = nil) -> Caller {
        caller(.session, nil, account, type, expiresAt: expiresAt) {
            [("Cookie", "theme=dark; __Host-guildhall_session=\($0)")]
        }
    }

    /// A key of an admin; of `account` when one is given.
    func adminKey(_ scopes: [Scope]? = nil, of account: AccountID? = nil) -> Caller {
        caller(.apiKey, scopes, account, .client, isAdmin: true) { [("Authorization", "Bearer \($0)")] }
    }

    func answer(_ input: CredentialInput) throws -> CredentialResolution {
        try state.withLock { state in
            state.asked += 1
            if state.isAway { throw Away() }
            guard
                let principal = state.known[input.secret],
                (input.source == .cookie) == (principal.credential == .session)
            else { return CredentialResolution(refusal: "The credential is not known.") }
            let granted = min(state.left, 1)
            state.left -= granted
            let end = clock.now + .seconds(60)
            return CredentialResolution(
                principal: principal,
                grant: Grant(
                    requests: granted, expiresAt: end, limit: 60, remaining: state.left, resetsAt: end,
                    concurrent: state.concurrent, retryAfterSeconds: granted == 0 ? 17 : 0,
                    hasPlace: granted > 0 && input.place != nil && principal.credential.isMetered))
        }
    }

    private func caller(
        _ kind: CredentialKind, _ scopes: [Scope]?, _ account: AccountID?, _ type: UserType,
        isAdmin: Bool = false, expiresAt: Timestamp? = nil, _ headers: (String) -> [(name: String, value: String)]
    ) -> Caller {
        let account = account ?? .make(at: clock.now)
        return state.withLock { state in
            let secret = "\(kind.rawValue)-\(state.known.count)"
            state.known[secret] = Principal(
                accountID: account, userType: type, isAdmin: isAdmin, plan: .free, credential: kind,
                sessionID: kind == .session ? .make(at: clock.now) : nil,
                apiKeyID: kind == .apiKey ? .make(at: clock.now) : nil, scopes: scopes, expiresAt: expiresAt)
            return Caller(account: account, headers: headers(secret), secret: secret)
        }
    }
}
