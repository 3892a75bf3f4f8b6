import Foundation
import Glibc

extension PrivateCluster {
    /// Runs `body` while every process of the server stands still, as behind a network that drops everything: connections
    /// are taken, and nothing is answered.
    package func frozen<Result>(_ body: () async throws -> Result) async throws -> Result {
        let processes = try serverProcesses()
        defer { for process in processes.reversed() { kill(process, SIGCONT) } }
        // The postmaster first, so that no process is added.
        for process in processes { kill(process, SIGSTOP) }
        return try await body()
    }

    /// The postmaster, then its children.
    private func serverProcesses() throws -> [pid_t] {
        let note = try String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8)
        guard let postmaster = note.split(separator: "\n").first.flatMap({ pid_t($0) }) else { return [] }
        let all = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }
        return [postmaster] + all.filter { Self.parent(of: $0) == postmaster }
    }

    /// - Returns: `nil` when the process has ended.
    private static func parent(of process: pid_t) -> pid_t? {
        // A process may end between the listing and the look.
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("PPid:") })
        else { return nil }
        return pid_t(line.dropFirst("PPid:".count).trimmingCharacters(in: .whitespaces))
    }
}
