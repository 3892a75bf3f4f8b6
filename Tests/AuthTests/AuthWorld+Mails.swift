import Postgres
import ServiceKit
import TestSupport

@testable import AuthService
@testable import SharedModels

/// Notifications, as far as auth asks it.
final class FakeReaders: ReaderPeers, Fake {
    struct State {
        var languages: [AccountID: Language] = [:]
    }

    let state = Shared(State())

    func language(of account: AccountID) async -> Language? { current.languages[account] }
}

// The mails that the service is about to send.
extension AuthWorld {
    /// Those to an address, the newest first, once what was asked for is done.
    func mails(to address: String) async throws -> [Mail] {
        try await scheduler.run(until: "nothing is left to be found out") {
            let left: Int = try await database.one(
                "SELECT count(*) AS count FROM scheduled WHERE kind IN (\(RenewCode.kind), \(MailPasswordLink.kind))"
            ) { try $0.decode("count") }
            return left == 0
        }
        let work = try await database.all(
            "SELECT key, payload::text AS payload FROM scheduled WHERE kind = \(SendMail.kind) ORDER BY due_at DESC"
        ) { row in
            try SendMail(
                key: row.decode("key"), payload: JSONValue.parse(row.decode("payload", as: String.self).utf8))
        }
        return try work.map { try $0.mail(with: features.mails.seal) }.filter { $0.address == address }
    }

    /// The code of the newest mail to an address.
    func code(mailedTo address: String) async throws -> String? {
        try await mails(to: address).first?.text.firstMatch(of: /[0-9]{6}/).map { String($0.output) }
    }

    /// The token in the link of the newest mail to an address.
    func token(mailedTo address: String) async throws -> String? {
        try await mails(to: address).first?.text
            .firstMatch(of: /https:\/\/client\.example\/reset-password\?token=([0-9a-f]{64})\n/).map {
                String($0.output.1)
            }
    }
}
