import Foundation
import SharedModels
import TestSupport
import Testing

/// `guildhallctl import skillhouse`, run on an export.
struct ImportRun: Sendable {
    let status: Int32
    /// What it printed.
    let text: String

    /// The row of a collection in the table at the end: read, imported, there, merged, refused.
    func counts(of collection: String) throws -> [Int] {
        let line = try #require(text.split(separator: "\n").last { $0.hasPrefix("\(collection) ") }, "\(text)")
        return line.split(separator: " ").dropFirst().compactMap { Int($0) }
    }

    /// - Parameter limit: When it is killed, as in a crash. `nil` lets it end.
    static func of(
        _ folder: String, at stack: Stack, _ more: [String] = [], killedAfter limit: Duration? = nil
    ) async throws -> ImportRun {
        let process = Process()
        process.executableURL = URL(filePath: try Stack.setting("GUILDHALL_TEST_BIN")).appending(path: "guildhallctl")
        let port = try #require(WebURL(stack.gateway)?.port)
        process.arguments = ["import", "skillhouse", folder, "--port", "\(port)"] + more
        let output = FileManager.default.temporaryDirectory.appending(path: "import-\(UUID().uuidString)")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = process.standardOutput
        let status = try await withCheckedThrowingContinuation { (ending: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { ending.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                return ending.resume(throwing: error)
            }
            guard let limit else { return }
            let pid = process.processIdentifier
            Task {
                try await Task.sleep(for: limit)
                // It has ended by itself, then.
                _ = kill(pid, SIGKILL)
            }
        }
        return ImportRun(status: status, text: try String(contentsOf: output, encoding: .utf8))
    }
}
