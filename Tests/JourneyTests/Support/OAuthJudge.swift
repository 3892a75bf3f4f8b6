import Foundation

/// Other people's OAuth clients, in Python.
enum OAuthJudge {
    /// Runs a script of `Tests/oauth_judges`.
    ///
    /// - Returns: What it printed.
    static func run(_ script: String, on input: [UInt8]) async throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "oauth_judges")
        let process = Process()
        process.executableURL = folder.appending(path: "run")
        process.arguments = [script]
        let (given, printed) = (Pipe(), Pipe())
        process.standardInput = given
        process.standardOutput = printed
        process.standardError = printed
        return try await withCheckedThrowingContinuation { continuation in
            // It blocks: so it has a thread of its own.
            Thread.detachNewThread {
                do {
                    try process.run()
                    given.fileHandleForWriting.write(Data(input))
                    try given.fileHandleForWriting.close()
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

    struct Verdict: Error, CustomStringConvertible {
        let output: String
        var description: String { "the judge is not content: \(output)" }
    }
}
