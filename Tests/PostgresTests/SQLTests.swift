import Testing

@testable import Postgres

/// The promise under test: a value is a parameter, never text, and only what changes nothing is ever
/// repeated.
@Suite struct SQLTests {
    @Test func `values become numbered parameters`() {
        let name = "'; DROP TABLE gigs; --"
        let sql: SQL = "SELECT 1 WHERE a = \(name) AND b = \(7) AND c = \(Int?.none)"
        #expect(sql.text == "SELECT 1 WHERE a = $1 AND b = $2 AND c = $3")
        #expect(sql.parameters.types == [25, 20, 20])
        #expect(sql.parameters.slots.map(\.length) == [22, 8, -1])
    }

    @Test func `a fragment's parameters are numbered on`() {
        let inner: SQL = "x = \(true) OR y = '$1' OR z = \("ä")"
        let outer: SQL = "SELECT \(1) WHERE \(fragment: inner) AND \(fragment: .empty) w = \("last")"
        #expect(outer.text == "SELECT $1 WHERE x = $2 OR y = '$1' OR z = $3 AND  w = $4")
        #expect(outer.parameters.types == [20, 16, 25, 25])
        let twice: SQL = "\(fragment: outer) ÷ \(fragment: outer)"
        #expect(twice.text.hasSuffix("÷ SELECT $5 WHERE x = $6 OR y = '$1' OR z = $7 AND  w = $8"))
    }

    @Test func `an identifier cannot leave its quotes`() {
        let sql: SQL = "SELECT \(identifier: "a\" b")"
        #expect(sql.text == #"SELECT "a"" b""#)
    }

    @Test(
        arguments: [
            "SELECT 1", " select title FROM gigs", "VALUES (1)", "SHOW timezone", "\n\tSELECT\n1",
        ] as [SQL])
    func `a statement that only reads may be sent again`(sql: SQL) {
        #expect(sql.isReadOnly)
    }

    @Test(
        arguments: [
            "", "INSERT INTO a VALUES (1)", "UPDATE a SET b = 1", "DELETE FROM a", "WITH x AS (SELECT 1) SELECT 1",
            "SELECT 1 FROM a FOR UPDATE", "SELECT 1 FROM a FOR NO KEY UPDATE", "select 1 from a for share",
            "SELECT nextval('a')", "SELECT pg_notify('a', 'b')", "SELECT 1 INTO a", "COMMIT", "SELECTED",
        ] as [SQL])
    func `a statement that writes, locks or tells is sent once`(sql: SQL) {
        #expect(!sql.isReadOnly)
        #expect(sql.readOnly().isReadOnly)
    }
}
