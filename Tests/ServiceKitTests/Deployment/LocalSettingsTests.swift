import Foundation
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: the services read what `make up` writes for them, and a person's own lines are read as data.
@Suite struct LocalSettingsTests {
    @Test func `with what the scripts write every service would start, with the names that it reads alone`()
        async throws
    {
        let file = SettingsFile(try await written())
        #expect(file.faults == [])
        for service in ServiceName.allCases {
            let read = Set(Declared.all(of: service).map(\.declaration.name))
            var environment = file.values.filter { read.contains($0.key) }
            environment["DATABASE_URL"] = file.values["\(service.rawValue.uppercased())_DATABASE_URL"]
            let reader = try SettingsReader(service, environment)
            _ = try StatelessSettings(reader)
            if ServiceName.withDatabase.contains(service) { _ = try CommonSettings(reader) }
            for setting in Declared.all(of: service).map(\.declaration) where setting.requirers.contains(service) {
                #expect(environment[setting.name]?.isEmpty == false, "\(service) needs \(setting.name)")
            }
        }
    }

    @Test func `every name that the scripts write is read by somebody`() async throws {
        let used = Set(Declared.all.map(\.declaration.name))
        let databases = /[A-Z]+_DATABASE_(?:OWNER_)?(?:URL|PASSWORD)|POSTGRES_PASSWORD/
        let unread = SettingsFile(try await written()).values.keys
            .filter { !used.contains($0) && $0.wholeMatch(of: databases) == nil }
        #expect(unread.sorted() == [])
    }

    @Test func `a line of one's own wins, and bash makes nothing of it`() async throws {
        let own = "SMTP_URL=smtp://me:$(touch stolen)`id`$HOME@mail.example"
        let text = try await written(own: own + "\n", then: "settings_export; printf '%s\\n' \"SMTP_URL=$SMTP_URL\"")
        #expect(text.split(separator: "\n").last.map(String.init) == own)
    }

    /// What the scripts write into `env`, followed by the output of `command`.
    private func written(own: String? = nil, then command: String = ":") async throws -> String {
        let home = FileManager.default.temporaryDirectory.appendingPathComponent("guildhall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer {
            // Leftovers are in the system's folder for temporary files.
            try? FileManager.default.removeItem(at: home)
        }
        try own?.write(to: home.appendingPathComponent("own.env"), atomically: true, encoding: .utf8)
        let script = """
            set -euo pipefail
            for part in settings secrets; do . deploy/local/lib/$part.bash; done
            settings_check() { :; }
            secrets_make; settings_write; cat "$STACK/env"; \(command)
            """
        return try await Program.run(
            ["/bin/bash", "-c", script], in: Repository.root.path(),
            environment: ["PATH": "/usr/bin:/bin", "GUILDHALL_HOME": home.path])
    }
}
