import ArgumentParser
import Foundation
import Logging
import OutboundHTTP
import SharedModels

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Tells what is missing or unhealthy, and what to do about it.")

    @Option(help: "The gateway's port; the services' follow from it. Without it GUILDHALL_PORT, or 8080.")
    var port: Int?

    @Option(help: "The folder of the services' logs.")
    var logs = (ProcessInfo.processInfo.environment["GUILDHALL_HOME"] ?? ".local") + "/logs"

    func run() async throws {
        let port = try port ?? portOfEnvironment()
        let http = OutboundHTTP(logger: Logger(label: "doctor"))
        var problems = 0
        for check in Checkup.all(port: port, logs: logs) {
            let problem = await check.problem(http)
            print("\(problem == nil ? "ok  " : "FAIL") \(check.name)\(problem.map { ": \($0)" } ?? "")")
            if problem != nil {
                problems += 1
                print("     \(check.remedy)")
            }
        }
        await http.shutdown()
        guard problems == 0 else { throw ExitCode(1) }
    }

    private func portOfEnvironment() throws -> Int {
        guard let text = ProcessInfo.processInfo.environment["GUILDHALL_PORT"], !text.isEmpty else { return 8080 }
        guard let port = Int(text) else { throw ValidationError("GUILDHALL_PORT must be a port, not '\(text)'") }
        return port
    }
}

/// One thing to look at.
private struct Checkup {
    let name: String
    let url: String
    let remedy: String

    static func all(port: Int, logs: String) -> [Checkup] {
        let services = ServiceName.allCases.map { service in
            Checkup(
                name: "guildhall-\(service.rawValue)",
                url: "http://127.0.0.1:\(port + service.portOffset)/health/ready",
                remedy: "Look into \(logs)/\(service.rawValue).log, then run `make up` again.")
        }
        let gateway = Checkup(
            name: "gateway", url: "http://127.0.0.1:\(port)/api/health",
            remedy: "Look into \(logs)/gateway.log, then run `make up` again.")
        return services + [gateway]
    }

    /// What is wrong; `nil` when all is well.
    func problem(_ http: OutboundHTTP) async -> String? {
        var request = OutboundRequest(.get, url)
        request.deadline = .seconds(2)
        do {
            let response = try await http.send(request, .service)
            guard response.status != 200 else { return nil }
            // A body that is not ours adds nothing to the status.
            let failing = (try? JSONValue.parse(response.body))?["failing"]?.array?.compactMap(\.string) ?? []
            return "answers \(response.status)"
                + (failing.isEmpty ? "" : ", not ready: \(failing.joined(separator: ", "))")
        } catch {
            return "nothing answers at \(url)"
        }
    }
}
