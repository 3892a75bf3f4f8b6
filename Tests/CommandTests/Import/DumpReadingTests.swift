import Foundation
import SharedModels
import Testing

@testable import Command

/// The promise under test: whatever form `mongoexport` writes is read, and what cannot be read is told of by its line.
@Suite struct DumpReadingTests {
    private func lines(of text: String) async throws -> [(line: Int, name: String?)] {
        var found: [(line: Int, name: String?)] = []
        try await DumpFile(named: "skills.json", Data(text.utf8)).parts { part in
            found.append((part.line, try? part.document.get()["name"]?.string))
        }
        return found
    }

    @Test(arguments: [
        "{\"name\":\"a\"}\n{\"name\":\"b}{\\\"\"}\n", "[{\"name\":\"a\"},\n{\"name\":\"b}{\\\"\"}]",
        "\u{FEFF}[\r\n{\n\"name\": \"a\"}\r\n, {\"name\": \"b}{\\\"\"}\n]\n",
    ])
    func `documents are lines or an array`(text: String) async throws {
        #expect(try await lines(of: text).map(\.name) == ["a", "b}{\""])
    }

    @Test func `a document that breaks off is told of by the line where it begins`() async throws {
        let found = try await lines(of: "{\"name\":\"a\"}\n\nnonsense\n{\"name\":\n\"b\"")
        #expect(found.map(\.line) == [1, 3, 4])
        #expect(found.map(\.name) == ["a", nil, nil])
    }

    @Test(arguments: [
        "{\"name\":\"b", "{\"name\":\"b\"", "{\"name\":\"b\",\"of\":{", "{\"name\":\"b\",\n \"of\":\"c\n \"to\":{}",
        "{\"name\":\"b\"c\"}",
    ])
    func `a document that breaks off takes no other along`(broken: String) async throws {
        let next = broken.split(separator: "\n").count + 2
        let found = try await lines(of: "{\"name\":\"a\"}\n\(broken)\n{\"name\":\"d\"}\n\(broken)\n{\"name\":\"e\"}\n")
        #expect(found.map(\.name) == ["a", nil, "d", nil, "e"])
        #expect(found.map(\.line) == [1, 2, next, next + 1, 2 * next - 1])
        let array = try await lines(of: "[{\"name\":\"a\"},\n\(broken),\n{\"name\":\"d\"}]\n")
        #expect(array.map(\.name) == ["a", nil, "d"])
        let indented = "[\n  {\n    \"name\":\"a\",\n    \"of\":{\n  },\n  {\n    \"name\":\"d\"\n  }\n]\n"
        #expect(try await lines(of: indented).map(\.name) == [nil, "d"])
    }

    @Test func `a document that is larger than MongoDB has any is refused alone, by its line`() async throws {
        let text = "{\"name\":\"a\"}\n{\"name\":\"\(String(repeating: "b", count: 30))\"}\n{\"name\":\"c\"}\n"
        var found: [(line: Int, reason: String?)] = []
        try await DumpFile(named: "skills.json", Data(text.utf8), largest: 40).parts { part in
            switch part.document {
            case .success: found.append((part.line, nil))
            case .failure(let unreadable): found.append((part.line, unreadable.reason))
            }
        }
        #expect(found.map(\.line) == [1, 2, 3])
        #expect(found.map(\.reason) == [nil, "has 41 bytes, and MongoDB has no document so large", nil])
    }

    @Test func `a file of JSON is not read into memory as a whole`() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "users-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: url) }
        let bytes = 512 << 20
        try Data().write(to: url)
        let handle = try FileHandle(forWritingTo: url)
        try handle.truncate(atOffset: UInt64(bytes))  // Its zeros take no room on the disk.
        try handle.close()
        let before = try ownKilobytes()
        let file = try DumpFile(url, isBinary: false, isPacked: false)
        let grown = try withExtendedLifetime(file) { try ownKilobytes() - before }
        #expect(grown < bytes / 1024 / 2)
    }

    /// What this process has in memory, without the files that it maps.
    private func ownKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
        return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }

    @Test func `documents of JSON nest as deep as MongoDB lets them, and no deeper`() async throws {
        for (depth, isRead) in [(100, true), (101, false), (100_000, false)] {
            let text = String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
            var documents: [Bool] = []
            try await DumpFile(named: "skills.json", Data(text.utf8)).parts { part in
                documents.append((try? part.document.get()) != nil)
            }
            #expect(documents == [isRead], "\(depth)")
        }
    }

    @Test(arguments: [
        (#"{"$date":"2024-05-01T10:00:00.250Z"}"#, "2024-05-01T10:00:00.25Z"),
        (#"{"$date":{"$numberLong":"1714557600000"}}"#, "2024-05-01T10:00:00Z"),
        (#"{"$date":1714557600000}"#, "2024-05-01T10:00:00Z"),
        (#"{"$date":"2024-05-01T12:00:00.000+0200"}"#, "2024-05-01T10:00:00Z"),
        (#""2024-05-01T10:00:00Z""#, "2024-05-01T10:00:00Z"),
    ])
    func `a date is read in all of its forms`(text: String, expected: String) throws {
        #expect(try JSONValue.parse(text.utf8).mongoDate == Timestamp(expected))
    }

    @Test(arguments: [
        "1500", "1500.0", #"{"$numberInt":"1500"}"#, #"{"$numberDouble":"1500.0"}"#, #"{"$numberDecimal":"1500"}"#,
    ])
    func `a number is read in all of its forms`(text: String) throws {
        let value = try JSONValue.parse(text.utf8)
        #expect(value.paise == 150_000 && value.mongoWhole == 1500)
    }

    @Test func `an amount is rounded to whole paise, as at the original's checkout`() throws {
        #expect(try JSONValue.parse("99.90000000000001".utf8).paise == 9990)
        #expect(try JSONValue.parse("0.615".utf8).paise == 62)
        #expect(try JSONValue.parse(#"{"$numberDouble":"NaN"}"#.utf8).paise == nil)
    }

    @Test func `an id is written alike in the dump, in our ids and in answers`() throws {
        let value = try JSONValue.parse(#"{"$oid":"65F0C0DE00000001000000ff"}"#.utf8)
        let id = try #require(value.objectID.flatMap { AccountID($0) })
        #expect(id.objectID == "65f0c0de00000001000000ff")
        #expect(Timestamp(ofObjectID: "65f0c0de00000001000000ff") == Timestamp(seconds: 0x65f0_c0de))
    }

    @Test(arguments: [
        ("users.json", DumpCollection.users), ("freelancerProfiles.json", .freelancerProfiles),
        ("freelancer_profiles.ndjson", .freelancerProfiles), ("Escrow.json", .escrows),
    ])
    func `a file's name tells its collection`(name: String, expected: DumpCollection) {
        #expect(DumpCollection(fileNamed: String(name.prefix { $0 != "." })) == expected)
    }
}
