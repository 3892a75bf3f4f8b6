import Foundation
import OutboundHTTP
import SharedModels
import Testing

/// The processes of a stack that `deploy/local` started on this machine, for tests that kill one.
///
/// Its folder is `GUILDHALL_TEST_HOME`. A stack that runs elsewhere has no such folder.
struct LocalStack: Sendable {
    static var isGiven: Bool { ProcessInfo.processInfo.environment["GUILDHALL_TEST_HOME"] != nil }

    private let stack: Stack
    private let home: String
    private let programs: String
    private let gateway: Int

    init(_ stack: Stack) throws {
        self.stack = stack
        home = try Stack.setting("GUILDHALL_TEST_HOME")
        programs = try Stack.setting("GUILDHALL_TEST_BIN")
        gateway = try #require(WebURL(stack.gateway)?.port)
    }

    /// Kills a service without a chance to clean up, as in a crash.
    func crash(_ service: ServiceName) throws {
        try #require(kill(try pid(of: service), SIGKILL) == 0, "\(service) is ended")
    }

    /// What can be killed and started again by itself.
    enum Program: String, Sendable {
        case payments, contracts, auth, jobs, sandbox, postgres
        /// A second process of payments beside the first.
        case replica = "payments-replica"
    }

    /// Kills a program, if it runs, and returns when it is gone. PostgreSQL ends as in a crash, with all of its
    /// processes.
    func end(_ program: Program) async throws {
        // It was never started.
        guard let text = try? String(contentsOfFile: "\(home)/run/\(program.rawValue).pid", encoding: .utf8),
            let pid = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)),
            kill(pid, program == .postgres ? SIGQUIT : SIGKILL) == 0
        else { return }
        _ = try await eventually("\(program) is gone") { kill(pid, 0) != 0 || isZombie(pid) ? true : nil }
    }

    private func isZombie(_ pid: pid_t) -> Bool {
        // Without the file it is gone.
        guard let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return true }
        return line.split(separator: ")").last?.hasPrefix(" Z") == true
    }

    /// Starts programs that do not run.
    func revive(_ programs: [Program]) async throws {
        try await run("revive", programs.map(\.rawValue))
    }

    /// The most memory that each service has had in RAM since it started, in bytes.
    func peakMemory() throws -> [ServiceName: Int] {
        var peaks: [ServiceName: Int] = [:]
        for service in ServiceName.allCases where service != .sandbox {
            let status = try String(contentsOfFile: "/proc/\(pid(of: service))/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
            peaks[service] = try #require(line.split { !$0.isNumber }.first.flatMap { Int($0) }) << 10
        }
        return peaks
    }

    /// How long a service has computed since it started, in seconds.
    func cpuTime(of service: ServiceName) throws -> Double {
        let threads = "/proc/\(try pid(of: service))/task"
        var nanoseconds = 0.0
        for thread in try FileManager.default.contentsOfDirectory(atPath: threads) {
            // A thread may have ended in the meantime.
            guard let text = try? String(contentsOfFile: "\(threads)/\(thread)/schedstat", encoding: .utf8) else {
                continue
            }
            nanoseconds += text.split(separator: " ").first.flatMap { Double($0) } ?? 0
        }
        return nanoseconds / 1e9
    }

    private func pid(of service: ServiceName) throws -> pid_t {
        let text = try String(contentsOfFile: "\(home)/run/\(service.rawValue).pid", encoding: .utf8)
        return try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// `Process` considers a command ended only when every process that inherits its files has ended. The services
    /// would keep the command as a zombie, and the waiting of exit tests would hang on it.
    private static let closingInheritedFiles = """
        for file in /proc/self/fd/*; do file=${file##*/}; ((file <= 2)) || eval "exec $file>&-"; done; exec "$0" "$@"
        """

    /// Starts what is missing, and returns when `service` is ready.
    func restart(_ service: ServiceName) async throws {
        try await run("up", [])
        let keeper = Caller(stack: stack, address: stack.address(of: service))
        _ = try await eventually("\(service) is ready again") {
            do {
                return try await keeper.ask(.get, "/health/ready").status == 200 ? true : nil
            } catch is OutboundError {
                // Nobody listens yet.
                return nil
            }
        }
    }

    /// Runs a command of `deploy/local` on this stack, to its end.
    private func run(_ command: String, _ arguments: [String]) async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments =
            ["-c", Self.closingInheritedFiles, root.appending(path: "deploy/local/\(command)").path] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["GUILDHALL_HOME": home, "GUILDHALL_BIN": programs, "GUILDHALL_PORT": String(gateway)]) { _, new in new }
        process.standardOutput = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { (ending: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { ending.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                ending.resume(throwing: error)
            }
        }
        try #require(status == 0, "deploy/local/\(command) ended with \(status)")
    }
}
