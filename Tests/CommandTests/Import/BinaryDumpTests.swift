import Foundation
import SharedModels
import TestSupport
import Testing

@testable import Command

/// The promise under test: what `mongodump` writes, packed or not, is imported as what `mongoexport` writes; and of a
/// file that is damaged everything before the damage is read, and the damage told of.
@Suite struct BinaryDumpTests {
    private func rehearse(_ path: String) async throws -> ImportReport {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let run = SkillhouseImport(try DumpFolder(path), to: Rehearsal(), isRehearsal: true, usesSameStripe: false)
        try await run.run()
        return run.report
    }

    /// What a stream of these bytes tells: names, and reasons for what cannot be read.
    private func parts(of bytes: [UInt8]) throws -> [String] {
        var rest = bytes[...]
        var stream = BSONStream { count in
            defer { rest = rest.dropFirst(min(count, 7)) }
            return Array(rest.prefix(min(count, 7)))
        }
        var found: [String] = []
        while let part = try stream.next() {
            switch part {
            case .success(let document): found.append(document["name"]?.string ?? "")
            case .failure(let problem): found.append(problem.reason)
            }
        }
        return found
    }

    private func document(_ name: String) -> [UInt8] { BSON.document(["name": .string(name)]) }

    private func folder(_ files: [String: Data]) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "dump-\(UUID().uuidString)")
        for (name, bytes) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try bytes.write(to: file)
        }
        return folder.path()
    }

    @Test(arguments: [false, true])
    func `a dump in BSON is taken as the same in JSON`(isPacked: Bool) async throws {
        let dump = SkillhouseDump(seed: 1)
        let (text, binary) = (
            try await rehearse(dump.write()), try await rehearse(dump.writeBinary(isPacked: isPacked))
        )
        #expect(binary.refusals == [])
        #expect(binary.counts == text.counts)
        #expect(binary.changes.map(\.field) == text.changes.map(\.field))
        #expect(binary.ignoredFiles == [])
    }

    @Test func `documents follow each other, however the file is read`() throws {
        #expect(try parts(of: document("a") + document("b") + document("")) == ["a", "b", ""])
        #expect(try parts(of: []) == [])
    }

    @Test func `a document with wrong content is refused alone`() throws {
        var wrong = document("wrong")
        wrong[4] = 0x20
        let found = try parts(of: document("a") + wrong + document("b"))
        #expect(found.count == 3 && found[0] == "a" && found[2] == "b")
        #expect(found[1].hasPrefix("is no BSON: it has a member of an unknown type, 32"))
    }

    @Test(
        arguments: [
            [1], [0, 0, 0, 0], [4, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [9, 0, 0, 0, 1], [5, 0, 0, 0, 7, 5, 0, 0, 0, 0],
            [0, 0, 0, 0x70, 1, 2, 3],
        ] as [[UInt8]])
    func `nothing is read after a length that cannot be believed`(bytes: [UInt8]) throws {
        let found = try parts(of: document("a") + bytes)
        #expect(found.count == 2 && found[0] == "a")
        #expect(found[1].hasSuffix("what follows cannot be read"))
    }

    @Test func `a document with a text of 100 MiB is passed over, without being held`() throws {
        let length = 100 << 20
        let ends: [[UInt8]] = [BSON.little(UInt32(length)), document("b")]
        var (position, largest) = (0, 0)
        let size = length + ends[1].count
        var stream = BSONStream { count in
            let part = min(count, size - position)
            largest = max(largest, part)
            defer { position += part }
            if position < 4 { return ends[0] + [UInt8](repeating: 0x61, count: part - 4) }
            let rest = (position..<position + part).suffix(max(0, position + part - length)).map {
                ends[1][$0 - length]
            }
            return [UInt8](repeating: 0x61, count: part - rest.count) + rest
        }
        let first = try #require(try stream.next())
        #expect(throws: DumpFile.Unreadable.self) { try first.get() }
        #expect(try stream.next()?.get() == ["name": "b"])
        let end = try stream.next()
        #expect(end == nil)
        #expect(largest <= 1 << 20)
    }

    @Test func `a document that comes twice is refused the second time`() async throws {
        var dump = SkillhouseDump(seed: 1)
        for name in ["messages.json", "applications.json", "notifications.json"] {
            dump.files[name] = (dump.files[name] ?? "") + (dump.files[name] ?? "")
        }
        let report = try await rehearse(dump.writeBinary())
        #expect(report.counts[.messages]?.refused == 3 && report.counts[.messages]?.imported == 3)
        #expect(report.counts[.applications]?.refused == 5 && report.counts[.notifications]?.refused == 2)
        #expect(report.refusals.allSatisfy { $0.field == "_id" })
    }

    @Test(arguments: [10, 60, 200])
    func `a packed file that breaks off is told of`(missing: Int) async throws {
        let path = try SkillhouseDump(seed: 1).writeBinary(isPacked: true)
        let file = URL(filePath: path).appending(path: "messages.bson.gz")
        let bytes = try Data(contentsOf: file)
        try bytes.prefix(max(0, bytes.count - missing)).write(to: file)
        let report = try await rehearse(path)
        #expect(report.refusals.contains { $0.file == "messages.bson.gz" && $0.text.contains("breaks off") })
        #expect(report.counts[.users]?.refused == 0)
    }

    @Test func `a file that is not packed, and says so, is told of`() async throws {
        let path = try SkillhouseDump(seed: 1).writeBinary()
        let file = URL(filePath: path).appending(path: "messages.bson")
        try FileManager.default.moveItem(at: file, to: file.appendingPathExtension("gz"))
        let report = try await rehearse(path)
        #expect(report.refusals.map(\.file) == ["messages.bson.gz"])
    }

    @Test func `a folder without users is refused with what to do`() throws {
        let refusals: [(files: [String], words: String)] = [
            (["skills.json"], "mongodump"), (["skillhouse/users.bson", "other/users.txt"], "/skillhouse"),
        ]
        for (files, words) in refusals {
            let path = try folder(Dictionary(uniqueKeysWithValues: files.map { ($0, Data()) }))
            defer { try? FileManager.default.removeItem(atPath: path) }
            let refusal = #expect(throws: DumpError.self) { try DumpFolder(path) }
            #expect(refusal?.description.contains(words) == true)
        }
        let both = try folder(["users.json": Data(), "users.bson": Data()])
        defer { try? FileManager.default.removeItem(atPath: both) }
        #expect(throws: DumpError.self) { try DumpFolder(both) }
    }
}
