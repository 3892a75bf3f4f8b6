import ServiceKit
import SharedModels

/// What can become of a connected account without the platform.
enum AccountState: String, CaseIterable, Sendable {
    /// Onboarded, with nothing to ask.
    case active
    /// Stripe asks for more, and the account can receive nothing until it is told.
    case restricted
    /// Stripe wants nothing to do with it.
    case rejected
    /// Its owner has ended the connection with the platform, which cannot see it any more.
    case deauthorized
}

extension Accounts {
    private static let application = "ca_GuildhallSandbox"

    /// Something happens to an account, of which Stripe tells.
    ///
    /// - Parameter account: Locked.
    func change(_ account: StripeObject, to state: AccountState, _ work: StripeWork) async throws -> StripeObject {
        var account = account
        account.hidden = ["state": .string(state.rawValue)]
        switch state {
        case .active:
            return try await finishOnboarding(account, work)
        case .restricted:
            stop(&account, requirements: ["individual.verification.document"], "requirements.past_due")
        case .rejected:
            stop(&account, requirements: [], "rejected.fraud")
        case .deauthorized:
            try await store.save(account, work)
            let application: JSONValue = [
                "id": .string(Self.application), "object": "application", "name": "Guildhall",
            ]
            try await events.emit(
                "account.application.deauthorized", body: application, account: account.id, work)
            return account
        }
        try await store.save(account, work)
        try await events.emit("account.updated", account, account: account.id, work)
        return account
    }

    private func stop(_ account: inout StripeObject, requirements: [String], _ reason: String) {
        let names = account["capabilities"].object?.map(\.name) ?? []
        account["capabilities"] = .object(names.map { JSONMember($0, "inactive") })
        account["charges_enabled"] = false
        account["payouts_enabled"] = false
        account["requirements"] = Self.requirements(requirements, disabledReason: reason)
    }
}
