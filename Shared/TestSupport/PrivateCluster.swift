import Foundation
import Glibc
import Postgres
import Synchronization

/// A throw-away PostgreSQL server, for tests that need one or have to stop it.
///
/// It lives in a temporary folder, listens on a Unix socket there and on a free port of 127.0.0.1, and never syncs to
/// disk. It ends with this process, even with a crash: a shell in between watches a pipe to us. As root it runs as the
/// user `postgres`.
package final class PrivateCluster: Sendable {
    /// How a server goes down.
    package enum Shutdown: String, Sendable {
        /// Disconnects everybody, rolls back, and closes its files.
        case fast = "INT"
        /// Drops everything at once and recovers at the next start, as after a crash.
        case immediate = "QUIT"
    }

    package enum Failure: Error, CustomStringConvertible {
        case notInstalled
        case failed(command: String, status: Int32, output: String)

        package var description: String {
            switch self {
            case .notInstalled: "PostgreSQL is not installed under /usr/lib/postgresql"
            case .failed(let command, let status, let output): "\(command) ended with \(status): \(output)"
            }
        }
    }

    package let folder: String
    package let port: UInt16
    private let binaries: String
    private let settings: [String]
    private let server = Mutex<Server?>(nil)

    private struct Server: @unchecked Sendable {
        // `Process` and `Pipe` are only touched under the cluster's lock.
        let shell: Process
        let control: Pipe
    }

    /// What the server writes, from its first start on.
    package var log: String { "\(folder)/log" }

    /// Creates a cluster and starts it.
    ///
    /// - Parameter settings: Each as `name=value`. They win over those that every cluster has.
    package init(settings: [String] = []) async throws {
        self.settings = settings
        binaries = try Self.installedBinaries()
        folder = FileManager.default.temporaryDirectory.path + "/guildhall-test-\(UUID().uuidString)"
        port = try Self.freePort()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        if geteuid() == 0, let account = getpwnam("postgres") {
            chown(folder, account.pointee.pw_uid, account.pointee.pw_gid)
        }
        let command =
            Self.asPostgres + [
                "\(binaries)/initdb", "-D", "\(folder)/data", "-U", "postgres", "-A", "trust",
                "-E", "UTF8", "--locale=C", "--no-sync",
            ]
        try await Program.run(command, in: folder)
        try await start()
    }

    /// A libpq URL of the superuser, over TCP.
    package func url(database: String = "postgres") -> String {
        "postgresql://postgres@127.0.0.1:\(port)/\(database)"
    }

    /// Starts the server, and waits until it accepts connections.
    package func start() async throws {
        let shell = Process()
        let control = Pipe()
        // bash, because dash never notices that its child ended when SIGCHLD is blocked, and `Process` leaves it
        // blocked.
        let script = """
            folder=$1; shift
            "$@" >>"$folder/log" 2>&1 </dev/null & server=$!
            read -r signal
            kill -s "${signal:-QUIT}" $server
            wait $server
            [ -n "$signal" ] || rm -rf "$folder"
            """
        let command =
            Self.asPostgres + [
                "/bin/bash", "-c", script, "bash", folder,
                "\(binaries)/postgres", "-D", "\(folder)/data", "-p", "\(port)", "-k", folder,
                "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300", "-c", "fsync=off",
                "-c", "full_page_writes=off", "-c", "shared_buffers=64MB",
            ] + settings.flatMap { ["-c", $0] }
        shell.executableURL = URL(fileURLWithPath: command[0])
        shell.arguments = Array(command.dropFirst())
        shell.currentDirectoryURL = URL(fileURLWithPath: folder)
        shell.standardInput = control
        try shell.run()
        server.withLock { $0 = Server(shell: shell, control: control) }
        let probe = Database(.patient(url: url()), logger: .quiet)
        do {
            try await probe.connect(within: .seconds(180))
        } catch {
            await probe.close()
            throw error
        }
        await probe.close()
    }

    /// Stops the server, and waits until it is gone.
    package func stop(_ how: Shutdown = .fast) async {
        guard let server = server.withLock({ $0.take() }) else { return }
        await withCheckedContinuation { continuation in
            server.shell.terminationHandler = { _ in continuation.resume() }
            server.control.fileHandleForWriting.write(Data("\(how.rawValue)\n".utf8))
        }
    }

    package func restart(_ how: Shutdown = .fast) async throws {
        await stop(how)
        try await start()
    }

    /// Stops the server and deletes the cluster.
    package func remove() async throws {
        await stop(.immediate)
        try FileManager.default.removeItem(atPath: folder)
    }

    private static var asPostgres: [String] {
        guard geteuid() == 0 else { return [] }
        return ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    }

    /// The newest installed version.
    private static func installedBinaries() throws -> String {
        let root = "/usr/lib/postgresql"
        // A folder that cannot be read counts as missing.
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.filter { FileManager.default.isExecutableFile(atPath: "\(root)/\($0)/bin/initdb") }
            .max { (Int($0) ?? 0) < (Int($1) ?? 0) }
        guard let newest else { throw Failure.notInstalled }
        return "\(root)/\(newest)/bin"
    }
}
