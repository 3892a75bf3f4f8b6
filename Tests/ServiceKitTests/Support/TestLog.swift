import Foundation
import SharedModels

@testable import ServiceKit

/// The log of the services of all tests: one JSON object per line, found by the id of the request.
final class TestLog: Sendable {
    static let shared = TestLog()

    let output: LogOutput
    private let descriptor: Int32

    private init() {
        let folder = FileManager.default.temporaryDirectory.path
        var template = Array("\(folder)/guildhall-log-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        precondition(descriptor >= 0, "no file to log to: \(errno)")
        // The descriptor keeps the file.
        unlink(template)
        output = LogOutput(descriptor: descriptor)
    }

    /// Everything that was logged about one request, in order.
    func lines(of requestID: String) throws -> [JSONValue] {
        output.flush()
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = pread(descriptor, &part, part.count, bytes.count), count > 0 {
            bytes += part.prefix(count)
        }
        return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONValue.parse($0) }
            .filter { $0["request_id"]?.string == requestID }
    }
}
