import Foundation

/// A program that a test runs to its end.
package enum Program {
    package struct Failure: Error, CustomStringConvertible {
        let command: [String]
        let status: Int32
        let output: String

        package var description: String {
            "\(command.joined(separator: " ")) ended with \(status): \(output)"
        }
    }

    /// Runs `command`, a path and its arguments, and gives it `input`.
    ///
    /// - Parameter environment: All that it finds there; `nil` for what this process has.
    /// - Returns: What it printed, errors too.
    /// - Throws: ``Failure`` when its status is not 0.
    @discardableResult
    package static func run(
        _ command: [String], in folder: String? = nil, on input: [UInt8] = [], environment: [String: String]? = nil
    ) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            // It blocks: so it has its own thread.
            Thread.detachNewThread {
                continuation.resume(with: Result { try runBlocking(command, in: folder, on: input, environment) })
            }
        }
    }

    private static func runBlocking(
        _ command: [String], in folder: String?, on input: [UInt8], _ environment: [String: String]?
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        if let environment { process.environment = environment }
        let printed = Pipe()
        process.standardInput = try reading(input)
        process.standardOutput = printed
        process.standardError = printed
        try process.run()
        let output = String(decoding: printed.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(command: command, status: process.terminationStatus, output: output)
        }
        return output
    }

    /// A file without a name. A pipe would end this process with SIGPIPE when the program ends before it has read all.
    private static func reading(_ input: [UInt8]) throws -> FileHandle {
        guard !input.isEmpty else { return .nullDevice }
        let file = FileManager.default.temporaryDirectory.appending(path: "guildhall-input-\(UUID().uuidString)")
        try Data(input).write(to: file)
        defer {
            // Leftovers are in the system's folder for temporary files.
            try? FileManager.default.removeItem(at: file)
        }
        return try FileHandle(forReadingFrom: file)
    }
}
