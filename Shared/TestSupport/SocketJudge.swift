import Foundation

/// A judge of our sockets: somebody else's client, in Python.
package enum SocketJudge {
    /// Runs a script of `Tests/socket_judges`.
    ///
    /// - Returns: What it printed.
    package static func run(_ script: String, _ arguments: [String]) async throws -> String {
        let folder = URL(filePath: #filePath).appending(path: "../../../Tests/socket_judges").standardizedFileURL
        let process = Process()
        process.executableURL = folder.appending(path: "run")
        process.arguments = [script] + arguments
        let printed = Pipe()
        process.standardOutput = printed
        process.standardError = printed
        return try await withCheckedThrowingContinuation { continuation in
            // It blocks: so it has a thread of its own.
            Thread.detachNewThread {
                do {
                    try process.run()
                    let output = String(decoding: printed.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                    process.waitUntilExit()
                    guard process.terminationStatus == 0 else { throw Verdict(output: output) }
                    continuation.resume(returning: output)
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    package struct Verdict: Error, CustomStringConvertible {
        let output: String
        package var description: String { "the judge is not content: \(output)" }
    }
}
