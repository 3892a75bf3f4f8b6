import Foundation

/// Other people's libraries, in Python, that judge what we send and answer.
package enum Judge: String {
    case notices = "notice_judges"
    case oauth = "oauth_judges"
    case sockets = "socket_judges"

    /// Runs a script of the judge's folder in `Tests`, whose packages are installed first.
    ///
    /// - Returns: What it printed.
    package func run(_ script: String, _ arguments: [String] = [], on input: [UInt8] = []) async throws -> String {
        let tests = URL(filePath: #filePath).appending(path: "../../../Tests").standardizedFileURL
        let path = tests.appending(path: "\(rawValue)/\(script)").path
        let command = [tests.appending(path: "with_packages").path, rawValue, "python", path] + arguments
        return try await Program.run(command, on: input)
    }
}
