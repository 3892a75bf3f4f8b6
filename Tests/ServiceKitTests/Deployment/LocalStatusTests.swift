import Foundation
import TestSupport
import Testing

/// The promise under test: `make status` has a line for each part, whatever the others do.
@Suite struct LocalStatusTests {
    @Test func `a part that takes calls and never answers does not end the list`() async throws {
        let home = FileManager.default.temporaryDirectory.appending(path: "guildhall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: home.appending(path: "run"), withIntermediateDirectories: true)
        defer {
            // Leftovers are in the system's folder for temporary files.
            try? FileManager.default.removeItem(at: home)
        }
        // Auth's port is behind the gateway's. The kernel takes the calls that nobody answers.
        let silent = try SilentPort()
        let script = """
            export GUILDHALL_HOME='\(home.path)' GUILDHALL_PORT=\(silent.port - 1) GUILDHALL_PG_PORT=1
            for part in settings processes; do . deploy/local/lib/$part.bash; done
            printf '%s\\n' "$$" >"$RUN/auth.pid"
            process_birth "$$" >"$RUN/auth.birth"
            deploy/local/status || echo "ended with $?"
            """
        let lines = try await Program.run(["/bin/bash", "-c", script], in: Repository.root.path)
            .split(separator: "\n").map(String.init)
        let parts = [
            "postgres", "sandbox", "auth", "talent", "jobs", "contracts", "payments", "notifications", "messages",
            "web",
            "gateway",
        ]
        #expect(lines.dropLast().map { $0.prefix { $0 != " " } } == parts.map { $0[...] })
        for line in lines.dropLast() {
            let state = line.hasPrefix("auth ") ? "not ready: " : "not running"
            #expect(line.contains(state), "\(line)")
        }
        #expect(lines.last == "ended with 1")
        silent.end()
    }
}
