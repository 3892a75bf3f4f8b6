import Foundation
import Postgres
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: the service's own connection can post and read, and can change nothing that was
/// posted, nor the rules.
@Suite struct LedgerRoleTests {
    static let now = Timestamp.start
    let milestone = MilestoneID.make(at: now)

    /// A connection of a role that owns nothing, as the service has one, and one of the owner.
    private func with(_ body: (_ service: Database, _ owner: Database) async throws -> Void) async throws {
        let role = "service_" + UUID().uuidString.lowercased().replacing("-", with: "")
        try await TestDatabase.use(of: .payments) { owner in
            let server = try await TestPostgres.shared
            try await server.administer("CREATE ROLE \(identifier: role) LOGIN PASSWORD 'sesame'")
            try await owner.execute("SELECT grant_to_service(\(role)::name)")
            let name: String = try await owner.one("SELECT current_database() AS name") { try $0.decode("name") }
            var url = try #require(URLComponents(string: server.url(database: name)))
            (url.user, url.password) = (role, "sesame")
            let service = Database(.patient(url: try #require(url.string)), logger: .quiet)
            do {
                try await body(service, owner)
            } catch {
                await service.close()
                throw error
            }
            await service.close()
            try await owner.execute("DROP OWNED BY \(identifier: role)")
            try await server.administer("DROP ROLE \(identifier: role)")
        }
    }

    private func post(_ posting: Posting, _ database: Database) async throws {
        try await database.transaction { _ = try await Ledger().post(posting, at: Self.now, in: $0) }
    }

    /// All that the ledger holds, as text.
    private func contents(_ owner: Database) async throws -> [String] {
        try await owner.all(
            """
            SELECT row_to_json(a)::text AS line FROM ledger_accounts a
            UNION ALL SELECT row_to_json(t)::text FROM ledger_transactions t
            UNION ALL SELECT row_to_json(e)::text FROM ledger_entries e
            UNION ALL SELECT row_to_json(c)::text FROM ledger_chart c
            UNION ALL SELECT row_to_json(m)::text FROM ledger_months m
            UNION ALL SELECT tgname::text || tgenabled::text FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'ledger%'
            UNION ALL SELECT prosrc FROM pg_proc WHERE proname LIKE 'ledger%'
            ORDER BY line
            """
        ) { try $0.decode("line") }
    }

    @Test func `the service posts, locks and reads`() async throws {
        try await with { (service, _) async throws in
            try await post(.capture(milestone, "pi_1", .usd(cents: 100)), service)
            try await post(.capture(milestone, "pi_1", .usd(cents: 100)), service)
            try await service.transaction { tx in
                #expect(try await Ledger().lockBalance(of: .escrow(milestone, .usd), in: tx) == 100)
                try await Ledger().open(.credits(.make(at: Self.now)), in: tx)
            }
            #expect(try await Ledger().entries(of: milestone, in: service).count == 2)
        }
    }

    static let illegal = [
        "UPDATE ledger_entries SET amount = amount + 1", "DELETE FROM ledger_entries", "TRUNCATE ledger_entries",
        "INSERT INTO ledger_entries (transaction_id, account_id, unit, amount, balance_after) SELECT id, 'loss:usd', 'usd', 1, 1 FROM ledger_transactions",
        "UPDATE ledger_transactions SET kind = 'refund'", "DELETE FROM ledger_transactions",
        "TRUNCATE ledger_transactions CASCADE",
        "INSERT INTO ledger_transactions (id, key, kind, subject, at, lines) VALUES (gen_random_uuid(), 'mine', 'refund', gen_random_uuid(), '2026-01-01', 2)",
        "UPDATE ledger_accounts SET balance = 0", "UPDATE ledger_accounts SET floor = NULL",
        "DELETE FROM ledger_accounts", "INSERT INTO ledger_accounts (id, unit) VALUES ('loss:usd', 'usd')",
        "UPDATE ledger_months SET earned = 0", "DELETE FROM ledger_months", "TRUNCATE ledger_months",
        "INSERT INTO ledger_months SELECT id, '2026-01-01', 'usd', 1, 0, 0, 1 FROM ledger_accounts",
        "DROP TRIGGER sum_month ON ledger_entries", "UPDATE ledger_chart SET floor = NULL",
        "INSERT INTO ledger_chart VALUES ('mine', NULL, 99, 'mine')",
        "SELECT * FROM ledger_accounts FOR UPDATE", "LOCK TABLE ledger_entries IN ACCESS EXCLUSIVE MODE",
        "COPY ledger_entries FROM PROGRAM 'true'",
        "DROP TRIGGER append_only ON ledger_entries", "DROP TRIGGER move_balance ON ledger_entries",
        "DROP TRIGGER entries_balance ON ledger_transactions", "DROP TRIGGER moved_by_entries ON ledger_accounts",
        "ALTER TABLE ledger_entries DISABLE TRIGGER ALL", "ALTER TABLE ledger_accounts DROP CONSTRAINT no_overdraft",
        "ALTER TABLE ledger_entries OWNER TO CURRENT_USER", "DROP TABLE ledger_entries CASCADE",
        "CREATE RULE quiet AS ON INSERT TO ledger_entries DO INSTEAD NOTHING",
        "CREATE TRIGGER mine BEFORE INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()",
        "ALTER FUNCTION ledger_post SECURITY INVOKER", "DROP FUNCTION ledger_lock",
        "CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE TABLE mine (id int)",
        "SET session_replication_role = replica", "SELECT setval('ledger_positions', 1)",
        "SELECT grant_to_service(current_user)", "UPDATE schema_migrations SET checksum = ''",
        "SET ROLE postgres",
    ]

    @Test func `the service's role is refused whatever would change the books`() async throws {
        try await with { (service, owner) async throws in
            try await post(.capture(milestone, "pi_1", .usd(cents: 100)), service)
            let before = try await contents(owner)
            for statement in Self.illegal {
                let error = await #expect(throws: PostgresError.self, "\(statement)") {
                    try await service.transaction { try await $0.script(statement, within: .seconds(60)) }
                }
                // Insufficient privilege.
                #expect(error?.sqlState?.description == "42501", "\(statement): \(error.map { "\($0)" } ?? "")")
            }
            #expect(try await contents(owner) == before)
        }
    }

    @Test func `what the function is asked to post must balance, in the units of its accounts`() async throws {
        try await with { (service, owner) async throws in
            try await post(.capture(milestone, "pi_1", .usd(cents: 100)), service)
            let before = try await contents(owner)
            let wrong = [
                Posting(.capture, key: "one", of: milestone.uuid, [(.revenue(.usd), 5)]),
                Posting(.capture, key: "more", of: milestone.uuid, [(.provider(.usd), -5), (.revenue(.usd), 6)]),
                Posting(.capture, key: "mixed", of: milestone.uuid, [(.provider(.inr), -5), (.revenue(.usd), 5)]),
                Posting(
                    .refund, key: "below", of: milestone.uuid,
                    [(.escrow(milestone, .usd), -101), (.provider(.usd), 101)]),
                Posting(.capture, key: "none", of: milestone.uuid, []),
            ]
            for posting in wrong {
                await #expect(throws: PostgresError.self, "\(posting.key)") { try await post(posting, service) }
            }
            #expect(try await contents(owner) == before)
        }
    }
}
