import Foundation
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: before anything is built, `make up` refuses the lines of own.env that the programs refuse
/// afterwards, and no others.
@Suite struct OwnSettingsTests {
    private static let values = [
        "", "500", "-1", "+7", "1000000000000", "x", "two words", " x", "on", "debug", "production",
        "https://a.example/x",
        "http://[::1]:8080", "https://u:p@a.example", "a.example", "ftp://a.example", "a@b.example", "re_1", "re_",
        "sk_test_1", "pk_1", "whsec_1, whsec_2", "whsec_1, wh", "10.0.0.0/8", "10.0.0.1, fc00::/7", "\"x\"", "'",
        "postgresql://u:p@h/d", "smtp://u:p@h:25", "smtp://", "12:ab-c", "abcdefghijklmnopqrstuvwxyz012345", "a.b-3",
        "short,abcdefghijklmnopqrstuvwxyz012345",
    ]

    @Test func `of every setting the script refuses what its service refuses`() async throws {
        let names = Set(Declared.all.map(\.declaration.name)).sorted()
        let lines = names.flatMap { name in Self.values.map { "\(name)=\($0)" } }
        let (told, expected) = (try await refused(lines), refusedByPrograms(lines))
        for line in Set(told.keys).symmetricDifference(expected) {
            Issue.record("\(lines[line - 1]): the script \(told[line] ?? "takes it")")
        }
    }

    @Test func `a wrong name is refused with the one that was meant, and a library's is not`() async throws {
        let lines = [
            "PLATFORM_FEE_BSP=3", "GUILDHALL_FOO=1", "HTTPS_PROXY=http://proxy.example", "TZ=UTC", "# PROT=1", "  ",
            "LOG_LEVLE=info", "no line", "GATEWAY_RATE=100",
        ]
        let told = try await refused(lines)
        #expect(Set(told.keys) == refusedByPrograms(lines))
        #expect(told[1]?.contains("did you mean PLATFORM_FEE_BPS?") == true)
        #expect(told[7]?.contains("did you mean LOG_LEVEL?") == true)
    }

    @Test func `what is refused is told without a secret`() async throws {
        let told = try await refused(["STRIPE_SECRET_KEY=my-password"])
        #expect(told[1]?.contains("STRIPE_SECRET_KEY must be one word") == true)
        #expect(told[1]?.contains("my-password") == false)
    }

    @Test func `the script knows every form that the document has`() async throws {
        #expect(try await run(["-v", "list=forms"], "") == "")
    }

    private func refusedByPrograms(_ lines: [String]) -> Set<Int> {
        Set(
            SettingsFile(lines.joined(separator: "\n")).faults.compactMap { fault in
                fault.firstMatch(of: /^line ([0-9]+):/).flatMap { Int($0.1) }
            })
    }

    /// What the script says, by the number of the line.
    private func refused(_ lines: [String]) async throws -> [Int: String] {
        let told = try await run([], lines.joined(separator: "\n") + "\n").split(separator: "\n").compactMap { line in
            try line.firstMatch(of: /own\.env, line ([0-9]+): (.*)$/).map { (try #require(Int($0.1)), String($0.2)) }
        }
        return Dictionary(told) { first, _ in first }
    }

    private func run(_ options: [String], _ own: String) async throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("own-\(UUID().uuidString).env")
        try own.write(to: file, atomically: true, encoding: .utf8)
        defer {
            // A leftover is in the system's folder for temporary files.
            try? FileManager.default.removeItem(at: file)
        }
        return try await Program.run(
            ["/usr/bin/awk"] + options
                + ["-f", "deploy/local/lib/own_settings.awk", "docs/configuration.md", file.path],
            in: Repository.root.path(), environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"])
    }
}
