import Foundation

/// What is packed in a file, as the program `gzip` tells it.
final class GzipReader {
    private let process = Process()
    private let output = Pipe()

    /// - Throws: When the file cannot be opened. Without that program ``close(isRead:)`` says so.
    init(_ url: URL) throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc"]
        process.standardInput = try FileHandle(forReadingFrom: url)
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    func read(_ count: Int) throws -> [UInt8] {
        Array(try output.fileHandleForReading.read(upToCount: count) ?? Data())
    }

    /// Ends the program, which has told everything when all was well.
    ///
    /// - Returns: Why the file was not read to its end. A program that was ended early is no reason.
    func close(isRead: Bool) -> String? {
        if !isRead { process.terminate() }
        try? output.fileHandleForReading.close()  // Nothing more is read, so nothing is lost.
        process.waitUntilExit()
        // 2 is a warning, such as of zeros behind the end.
        let isGood = process.terminationReason == .exit && [0, 2].contains(process.terminationStatus)
        guard isRead, !isGood else { return nil }
        return process.terminationStatus == 127
            ? "is packed, and there is no gzip here: install it, or unpack the file"
            : "breaks off: gzip cannot unpack it"
    }
}
