import Foundation
import SharedModels
import TestSupport
import Testing

@testable import Command

/// The promise under test: a dry run tells of everything that would be refused, with file, line, member and reason, and
/// of whatever depends on it.
@Suite struct DryRunTests {
    private func report(of dump: SkillhouseDump, sameStripe: Bool = false) async throws -> ImportReport {
        let path = try dump.write()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let run = SkillhouseImport(
            try DumpFolder(path), to: Rehearsal(), isRehearsal: true, usesSameStripe: sameStripe)
        try await run.run()
        return run.report
    }

    /// What is refused after `change`, as `file:line field`.
    private func refusals(_ change: (inout SkillhouseDump) -> Void) async throws -> [String] {
        var dump = SkillhouseDump(seed: 1)
        change(&dump)
        return try await report(of: dump).refusals.map { "\($0.file):\($0.line) \($0.field)" }
    }

    @Test func `a sound export is taken as a whole`() async throws {
        let report = try await report(of: SkillhouseDump(seed: 1))
        #expect(report.refusals == [])
        for collection in DumpCollection.allCases {
            let count = try #require(report.counts[collection])
            #expect(count.read > 0 && count.imported + count.merged == count.read, "\(collection)")
        }
        #expect(report.counts[.skills]?.merged == 1)
        #expect(report.ignoredFiles == [])
        #expect(report.description.contains("would come"))
    }

    @Test func `what is taken over otherwise is told of`() async throws {
        let changes = try await report(of: SkillhouseDump(seed: 1)).changes.map { "\($0.file) \($0.field)" }
        #expect(changes.contains("freelancerprofiles.json linkedAccounts.github"))
        #expect(changes.contains("messages.json mediaUrl"))
        #expect(changes.contains("jobs.json status"))
    }

    @Test func `an admin, a second user of an address and a foreign hash are refused`() async throws {
        let found = try await refusals { dump in
            let text = dump.files["users.json"] ?? ""
            let more = [
                #""name":"Root","email":"root@example.org","role":"admin""#,
                #""name":"Ada Twice","email":"\#(dump.address(of: .ada))","role":"client""#,
                #""name":"Md Five","email":"md5@example.org","role":"client","password":"5f4dcc3b5aa765d6""#,
                #""email":"nameless@example.org","role":"pirate""#,
            ].enumerated().map { "{\"_id\":{\"$oid\":\"\(dump.id(200 + $0.offset))\"},\($0.element)}" }
            dump.files["users.json"] = text + "\n" + more.joined(separator: "\n")
        }
        #expect(
            found == [
                "users.json:20 role", "users.json:21 email", "users.json:22 password", "users.json:23 role",
                "users.json:23 name",
            ])
    }

    @Test func `whatever depends on a refused thing is refused, too`() async throws {
        let found = try await refusals { dump in
            dump.files["users.json"] = dump.files["users.json"]?.replacing(
                "\"role\": \"client\", \"status\"", with: "\"role\": \"admin\", \"status\"")
        }
        #expect(found.first == "users.json:1 role")
        #expect(found.contains("clientprofiles.json:1 userId"))
        #expect((1...4).allSatisfy { found.contains("jobs.json:\($0) clientId") })
        #expect(found.contains("contracts.json:1 jobId") && found.contains("escrows.json:1 jobId"))
        #expect(found.contains("wallets.json:2 userId") && !found.contains("wallets.json:1 userId"))
        #expect(found.contains("reviews.json:1 contractId"))
        #expect(found.contains("conversations.json:1 clientId") && found.contains("messages.json:3 conversationId"))
    }

    @Test(arguments: [
        (#""amount":1500,"platformFee":150"#, #""amount":0.4,"platformFee":150"#, "escrows.json:1 amount"),
        (#""status":"funded""#, #""status":"released""#, "contracts.json:1 status"),
        (#""rating":5"#, #""rating":6"#, "reviews.json:1 rating"),
        (#""balance":2160"#, #""balance":-1"#, "wallets.json:1 balance"),
        (#""title":"A grammar "#, #""titel":"A grammar "#, "jobs.json:1 title"),
        (#""message":"Yes""#, #""message":"""#, "messages.json:3 message"),
        (#""type":"applied""#, #""type":"gossip""#, "notifications.json:1 type"),
    ])
    func `a member that cannot be is named`(old: String, new: String, expected: String) async throws {
        let found = try await refusals { dump in
            for name in dump.files.keys { dump.files[name] = dump.files[name]?.replacing(old, with: new) }
        }
        #expect(found.contains(expected), "\(found)")
    }

    @Test func `money of a canceled contract that was not refunded stays out of the books`() async throws {
        let found = try await refusals { dump in
            dump.files["escrows.json"] = dump.files["escrows.json"]?.replacing(
                #""amount":0,"platformFee":100,"freelancerEarning":900,"status":"refunded""#,
                with: #""amount":1000,"platformFee":100,"freelancerEarning":900,"status":"funded""#)
        }
        #expect(found == ["contracts.json:3 status", "escrows.json:3 contractId"])
    }

    @Test func `a job has one contract that is not canceled`() async throws {
        let found = try await refusals { dump in
            let line = dump.files["contracts.json"]?.split(separator: "\n").first.map(String.init) ?? ""
            dump.add(
                line.replacing(dump.id(.contract), with: dump.id(300)).replacing(
                    dump.number(of: .contract), with: "CON00000001"), to: "contracts.json")
        }
        #expect(found.first == "contracts.json:4 jobId")
    }
}

/// The promise under test: what a service refuses is refused alone, and the rest goes on.
@Suite struct ImportSendingTests {
    /// Takes no job whose title has an X, and no more than two things at once.
    private struct Picky: ImportTarget {
        let taken = Shared<[String]>([])

        func bring(_ batch: ImportBatch) async throws -> [ImportOutcome] {
            guard case .jobs(let jobs) = batch else { return try await Rehearsal().bring(batch) }
            if jobs.count > 2 { throw BatchTooLarge() }
            let wrong = jobs.indices.filter { jobs[$0].title.contains("X") }
            guard wrong.isEmpty else {
                throw BatchRefused(
                    problems: Dictionary(uniqueKeysWithValues: wrong.map { ($0, .refused("title", "has an X")) }))
            }
            taken.change { $0 += jobs.map(\.title) }
            return jobs.map { _ in .imported }
        }

        func ask(_ batch: ImportBatch) async throws -> [ImportOutcome] { try await Rehearsal().ask(batch) }
    }

    /// Has every skill already, under one id.
    private struct Stocked: ImportTarget {
        let skill: SkillID
        let jobs = Shared<[ImportedJob]>([])

        func bring(_ batch: ImportBatch) async throws -> [ImportOutcome] {
            if case .skills(let skills) = batch { return skills.map { _ in .merged(into: skill.objectID) } }
            if case .jobs(let all) = batch { jobs.change { $0 += all } }
            return try await Rehearsal().bring(batch)
        }

        func ask(_ batch: ImportBatch) async throws -> [ImportOutcome] { try await Rehearsal().ask(batch) }
    }

    @Test func `a second spelling of a skill that is there already leads to the one that is there`() async throws {
        let path = try SkillhouseDump(seed: 1).write()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let target = Stocked(skill: .make(at: .start))
        let run = SkillhouseImport(try DumpFolder(path), to: target, isRehearsal: false, usesSameStripe: false)
        try await run.run()
        #expect(target.jobs.value.map(\.skillIDs) == Array(repeating: [target.skill], count: 4))
        #expect(!run.report.changes.contains { $0.field.hasPrefix("skills") })
    }

    @Test func `a batch without the things that cannot be is sent again, and a large one in parts`() async throws {
        var dump = SkillhouseDump(seed: 1)
        dump.files["jobs.json"] = dump.files["jobs.json"]?.replacing("A parser", with: "X parser")
        let path = try dump.write()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let target = Picky()
        let run = SkillhouseImport(try DumpFolder(path), to: target, isRehearsal: false, usesSameStripe: false)
        try await run.run()
        #expect(target.taken.value.map { String($0.prefix(8)) } == ["A gramma", "A linker", "A loader"])
        #expect(run.report.refusals.first?.field == "title" && run.report.refusals.first?.line == 2)
        // Its contract, and what depends on that.
        #expect(run.report.refusals.map(\.file).contains("contracts.json"))
        #expect(run.report.refusals.map(\.file).contains("escrows.json"))
        #expect(run.report.counts[.jobs]?.imported == 3)
    }
}
