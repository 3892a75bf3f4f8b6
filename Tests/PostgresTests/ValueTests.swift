import Foundation
import SharedModels
import TestSupport
import Testing

@testable import Postgres

private enum Mood: String, PostgresValue, CaseIterable {
    case happy, sad = "söd"
}

/// The promise under test: a value comes back as it was sent, also at the ends of each type's range.
@Suite struct ValueTests {
    @Test func `a row writes its columns as JSON just as their values would be`() async throws {
        try await TestDatabase.use { database in
            let id = GigID.make(at: Timestamp(seconds: 1))
            let moment = Timestamp("2026-01-02T03:04:05.678901Z")!
            let row = try #require(
                await database.rows(
                    """
                    SELECT \(id), \(moment), \("ä\"\n"), '', \(Int64.min), 7::integer, 8::smallint, true,
                           NULL::text, NULL::bigint
                    """
                ).first)
            var writer = JSONWriter()
            writer.beginArray()
            for column in 0..<10 { try row.write(at: column, to: &writer) }
            writer.endArray()
            #expect(
                String(decoding: writer.bytes, as: UTF8.self)
                    == #"["\#(id)","2026-01-02T03:04:05.678901Z","ä\"\n","",-9223372036854775808,7,8,true,null,null]"#)
        }
    }

    @Test func `a column of a type that has no such form is named`() async throws {
        try await TestDatabase.use { database in
            let row = try #require(await database.rows("SELECT 1.5::double precision AS share").first)
            var writer = JSONWriter()
            for column in [0, 1, -1] {
                #expect(throws: PostgresError.self) { try row.write(at: column, to: &writer) }
            }
            let message = try #require(throws: PostgresError.self) { try row.write(at: 0, to: &writer) }
            #expect("\(message)".contains("share"))
        }
    }

    @Test func `every type survives the way there and back`() async throws {
        try await TestDatabase.use { database in
            try await expectSame([Int64.min, -1, 0, 1, .max], on: database)
            try await expectSame([Int.min, -1, 0, 1, .max], on: database)
            try await expectSame([Int32.min, -1, 0, 1, .max], on: database)
            try await expectSame([true, false], on: database)
            try await expectSame(
                [0.0, -0.0, .pi, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude], on: database)
            try await expectSame(
                ["", " ", "'\"\\$1", "ä€😀e\u{301}\r\n\t\u{1}\u{7F}", String(repeating: "x", count: 1_000_000)],
                on: database)
            try await expectSame(Mood.allCases, on: database)
            try await expectSame([UUID(), UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))], on: database)
            try await expectSame([GigID.make(at: Timestamp(seconds: 1))], on: database)
            try await expectSame(
                [
                    Timestamp(microseconds: 0), Timestamp(microseconds: -1),
                    Timestamp(microseconds: .max - 1_000_000_000),
                    Timestamp("2026-01-02T03:04:05.678901Z")!,
                    Timestamp(microseconds: -211_813_488_000_000_000 + 946_684_800_000_000),
                ], on: database)
            try await expectSame(
                [
                    CalendarDay(daysSince1970: 0), CalendarDay(year: 9999, month: 12, day: 31)!,
                    CalendarDay(year: 1, month: 1, day: 1)!,
                ], on: database)
            try await expectSame([JSONB(bytes: Array(#"{"a": [1, null, "ä"]}"#.utf8))], on: database)
            try await expectSame(Currency.allCases, on: database)
        }
    }

    @Test func `bytes survive whatever they are`() async throws {
        try await TestDatabase.use { database in
            for bytes in [[], [0], Array(0...255), [UInt8](repeating: 0xFF, count: 3_000_000)] as [[UInt8]] {
                #expect(try await database.one("SELECT \(bytes)") { try $0.decode(at: 0, as: [UInt8].self) } == bytes)
            }
            let null = try await database.one("SELECT \([UInt8]?.none)") { try $0.decode(at: 0, as: [UInt8]?.self) }
            #expect(null == nil)
        }
    }

    @Test func `not a number stays one`() async throws {
        try await TestDatabase.use { database in
            let number = try await database.one("SELECT \(Double.nan)") { try $0.decode(at: 0, as: Double.self) }
            #expect(number.isNaN)
        }
    }

    @Test func `narrower columns are read as wider types and names find their columns`() async throws {
        try await TestDatabase.use { database in
            let row = try #require(
                await database.rows(
                    """
                    SELECT 7::smallint AS small, 8::integer AS middle, 1.5::real AS real, 'x'::varchar AS short, 'y'::name AS name,
                           '[1]'::json AS json, NULL::text AS nothing, '2026-01-02 03:04:05'::timestamp AS local,
                           1234::bigint AS price_minor, 'usd' AS price_currency
                    """
                ).first)
            #expect(try row.decode("small", as: Int.self) == 7)
            #expect(try row.decode("small", as: Int32.self) == 7)
            #expect(try row.decode("middle", as: Int64.self) == 8)
            #expect(try row.decode("real", as: Double.self) == 1.5)
            #expect(try row.decode("short", as: String.self) == "x")
            #expect(try row.decode("name", as: String.self) == "y")
            #expect(try row.decode("json", as: JSONB.self).bytes == Array("[1]".utf8))
            #expect(try row.decodeIfPresent("nothing", as: String.self) == nil)
            #expect(try row.decode("nothing", as: Mood?.self) == nil)
            #expect(try row.decode("local", as: Timestamp.self) == Timestamp("2026-01-02T03:04:05Z"))
            #expect(try row.money("price") == .usd(cents: 1234))
            #expect(try row.isNull(at: 6) && !row.isNull(at: 0))
        }
    }

    @Test func `a column that is not what was asked for is named`() async throws {
        try await TestDatabase.use { database in
            let row = try #require(
                await database.rows(
                    "SELECT 1::bigint AS number, NULL::text AS nothing, 'x' AS mood, 'infinity'::timestamptz AS never"
                ).first)
            func column(_ body: () throws -> Void) -> String? {
                do { try body() } catch PostgresError.decoding(let column, _) { return column } catch {}
                return nil
            }
            #expect(column { _ = try row.decode("number", as: String.self) } == "number")
            #expect(column { _ = try row.decode("number", as: Int32.self) } == "number")
            #expect(column { _ = try row.decode("nothing", as: String.self) } == "nothing")
            #expect(column { _ = try row.decode("mood", as: Mood.self) } == "mood")
            #expect(column { _ = try row.decode("never", as: Timestamp.self) } == "never")
            #expect(column { _ = try row.decode("missing", as: Int.self) } == "missing")
            #expect(column { _ = try row.int64(at: 9) } == "9")
        }
    }

    @Test func `what PostgreSQL cannot hold is refused before anything is sent`() async throws {
        let database = Database(.init(url: "postgresql://127.0.0.1:1/none"), logger: .quiet)
        let refusals: [SQL] = [
            "SELECT \("a\0b")", "SELECT \(["a", "\0"])", "SELECT \(fragment: "\("\0")")", "SELECT \(identifier: "\0")",
        ]
        for sql in refusals { #expect(await postgresError { try await database.execute(sql) } == .invalidText) }
        for sql in ["SELECT \(Timestamp(microseconds: .min))", "SELECT \(CalendarDay(daysSince1970: .max))"] as [SQL] {
            guard case .invalidParameter = await postgresError({ try await database.execute(sql) }) else {
                #expect(Bool(false), "\(sql.text) was sent")
                continue
            }
        }
        await database.close()
    }

    /// Sends each value alone, as an optional, and all as an array.
    private func expectSame<Value: PostgresValue & Equatable>(_ values: [Value], on database: Database) async throws {
        for value in values {
            #expect(try await database.one("SELECT \(value)") { try $0.decode(at: 0, as: Value.self) } == value)
            #expect(
                try await database.one("SELECT \(Optional(value))") { try $0.decode(at: 0, as: Value?.self) } == value)
        }
        for list in [values, []] {
            #expect(try await database.one("SELECT \(list)") { try $0.decode(at: 0, as: [Value].self) } == list)
        }
        #expect(try await database.one("SELECT \(Value?.none)") { try $0.decode(at: 0, as: Value?.self) } == nil)
        #expect(try await database.one("SELECT \([Value]?.none)") { try $0.decode(at: 0, as: [Value]?.self) } == nil)
    }
}
