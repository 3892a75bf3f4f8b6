import Foundation
import Glibc

/// A program that runs beside the service, within limits: it gets one open file, no environment of ours and no other
/// file, and ends when it takes too much time or memory.
struct ChildProcess: Sendable {
    /// A program that decodes what strangers send needs little of these.
    private static let limits = [
        "/usr/bin/timeout", "--signal=KILL", "20", "/usr/bin/prlimit", "--cpu=15", "--as=1073741824",
        "--fsize=33554432", "--nofile=32", "--core=0", "--",
    ]
    /// The number under which the program finds its file.
    static let input: Int32 = 3

    enum Ending: Sendable, Equatable {
        case done
        case failed(Int32)
        /// It was ended, because it took too much.
        case ended
        /// The program is not installed, or cannot be started.
        case missing
    }

    let program: String
    let arguments: [String]
    /// Read through `/dev/fd/3`.
    let descriptor: Int32
    /// The file that takes what the program prints.
    let output: String
    let environment: [String]

    /// Runs the program to its end. It blocks.
    func run() -> Ending {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // Even a file that has the number already must be opened again, as it is closed otherwise when the program
        // starts.
        let spare = Self.highestDescriptor + 1
        posix_spawn_file_actions_adddup2(&actions, descriptor, spare)
        posix_spawn_file_actions_adddup2(&actions, spare, Self.input)
        // Most of ours are closed by themselves when a program starts. Closing what is not open is no fault.
        for other in Self.input + 1...spare + 64 { posix_spawn_file_actions_addclose(&actions, other) }
        let words = Self.limits + [program] + arguments
        var process = pid_t()
        let code = withCStrings(words) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&process, words[0], &actions, nil, arguments, environment)
            }
        }
        guard code == 0 else { return .missing }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return .missing }
        }
        return Self.ending(status)
    }

    private static var highestDescriptor: Int32 {
        // Without the folder we are on no Linux, where there is nothing to close that matters.
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return max(64, open.compactMap { Int32($0) }.max() ?? 0)
    }

    /// `timeout` ends with 128 and the signal that ended the program, or with its status; 126 and 127 say that it could
    /// not be started.
    private static func ending(_ status: Int32) -> Ending {
        guard status & 0x7F == 0 else { return .ended }
        switch (status >> 8) & 0xFF {
        case 0: return .done
        case 125, 126, 127: return .missing
        case let code where code > 128 || code == 124: return .ended
        case let code: return .failed(code)
        }
    }

    private func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let copies: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("the list ends with a null") }
            return body(start)
        }
    }
}
