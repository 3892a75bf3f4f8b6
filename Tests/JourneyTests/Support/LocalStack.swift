import Foundation
import Testing

/// The processes of a stack that `deploy/local` has started on this machine, for tests that end one.
///
/// Its folder is `GUILDHALL_TEST_HOME`; a stack that runs elsewhere has none.
struct LocalStack: Sendable {
    static var isGiven: Bool { ProcessInfo.processInfo.environment["GUILDHALL_TEST_HOME"] != nil }

    private let home: String
    private let programs: String
    private let gateway: Int

    init(_ stack: Stack) throws {
        home = try Stack.setting("GUILDHALL_TEST_HOME")
        programs = try Stack.setting("GUILDHALL_TEST_BIN")
        gateway = try #require(URLComponents(string: stack.gateway)?.port)
    }

    /// Ends a service without a chance to clean up, as a crash does.
    func crash(_ service: String) throws {
        let text = try String(contentsOfFile: "\(home)/run/\(service).pid", encoding: .utf8)
        let pid = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        try #require(kill(pid, SIGKILL) == 0, "\(service) is ended")
    }

    /// Starts what is missing, and returns when all of it is ready.
    func up() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
        let process = Process()
        process.executableURL = root.appending(path: "deploy/local/up")
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["GUILDHALL_HOME": home, "GUILDHALL_BIN": programs, "GUILDHALL_PORT": String(gateway)]) { _, new in new }
        process.standardOutput = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { done.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                done.resume(throwing: error)
            }
        }
        try #require(status == 0, "deploy/local/up")
    }
}
