import ArgumentParser
import Foundation
import Logging
import OutboundHTTP
import SharedModels

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Tells what is missing or unhealthy, and what to do about it.")

    @Option(
        help: """
            The gateway's port; the services' follow from it. Without it GUILDHALL_PORT, or 8080. AUTH_URL and its like \
            say where services on other machines are, and GATEWAY_URL where their gateway is.
            """)
    var port: Int?

    @Option(help: "The folder of the services' logs.")
    var logs = (ProcessInfo.processInfo.environment["GUILDHALL_HOME"] ?? ".local") + "/logs"

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let places = try ServicePlaces(environment, port: port)
        // What does not answer has a line of its own.
        var logger = Logger(label: "doctor")
        logger.logLevel = .critical
        let http = OutboundHTTP(logger: logger)
        var problems = 0
        for check in Checkup.all(at: places, logs: logs, environment) {
            let problem = await check.problem(http)
            print("\(problem == nil ? "ok  " : "FAIL") \(check.name)\(problem.map { ": \($0.text)" } ?? "")")
            if let problem {
                problems += 1
                print("     \(problem.remedy)")
            }
        }
        await http.shutdown()
        guard problems == 0 else { throw ExitCode(1) }
    }
}

/// One part to check.
struct Checkup {
    struct Problem: Equatable {
        let text: String
        /// What helps.
        let remedy: String
    }

    /// What an answer of status 200 tells.
    enum Finding: Equatable {
        case fine
        case wrong(String)
        /// The service cannot count while its database is away.
        case unknown
    }

    private static let awaited = "It cannot be asked now. Ask again when its service is ready."

    let name: String
    let url: String
    /// What helps when nothing answers, or with another status than 200.
    var silenceRemedy = Self.awaited
    /// What helps against what an answer tells.
    var remedy = ""
    var headers: [(name: String, value: String)] = []
    /// Reads an answer of status 200.
    var finding: @Sendable (OutboundResponse) -> Finding = { _ in .fine }

    static func all(at places: ServicePlaces, logs: String, _ environment: [String: String]) -> [Checkup] {
        func health(_ name: String, _ program: String, at url: String, _ path: String) -> Checkup {
            let remedy =
                places.isLocal(url)
                ? "Look into \(logs)/\(program).log, then run `make up` again."
                : "Look into the log of \(program) where it runs, then start it again."
            return Checkup(name: name, url: url + path, silenceRemedy: remedy)
        }
        let services = places.services
        return services.map {
            health("guildhall-\($0.rawValue)", $0.rawValue, at: places.url(of: $0), "/health/ready")
        } + [health("gateway", "gateway", at: places.gateway, "/api/health")]
            + services.filter(ServiceName.withDatabase.contains).map { deadLetters(of: $0, at: places.url(of: $0)) }
            + [openCases(at: places.url(of: .payments))] + stripe(environment)
    }

    private static func openCases(at url: String) -> Self {
        Self(
            name: "cases about money", url: url + "/metrics",
            remedy: "Read them as an admin at /api/admin/escrow/cases. See “Cases” in docs/operations.md."
        ) { response in
            let text = String(decoding: response.body, as: UTF8.self)
            guard let count = value(of: "payments_open_cases", in: text) else { return .unknown }
            return count > 0 ? .wrong("\(Int(count)) open") : .fine
        }
    }

    /// Whether Stripe leaves the platform's money where it is. Without a key nothing is asked.
    private static func stripe(_ environment: [String: String]) -> [Self] {
        guard let key = environment["STRIPE_SECRET_KEY"], !key.isEmpty else { return [] }
        let base = environment["STRIPE_API_BASE"] ?? "https://api.stripe.com"
        return [
            Self(
                name: "payouts of the platform at Stripe", url: base + "/v1/account",
                silenceRemedy: "Compare STRIPE_API_BASE and STRIPE_SECRET_KEY with Stripe's dashboard.",
                remedy: "Set the payout schedule to manual in Stripe's dashboard (Balances, Manage payouts).",
                headers: [Authorization.showing(key)]
            ) { response in
                // An answer in another format names no schedule.
                let account = try? JSONValue.parse(response.body, leniently: true)
                let interval = account?["settings"]?["payouts"]?["schedule"]?["interval"]?.string
                guard let interval, interval != "manual" else { return .fine }
                return .wrong("they are \(interval): money that is held for clients and workers leaves for the bank")
            }
        ]
    }

    static func deadLetters(of service: ServiceName, at url: String) -> Self {
        Self(
            name: "dead letters of \(service.rawValue)", url: url + "/metrics",
            remedy: "See “Dead letters” in docs/operations.md: send them again, or drop them."
        ) { response in
            let text = String(decoding: response.body, as: UTF8.self)
            guard let count = value(of: "dead_letters", in: text) else { return .unknown }
            let age = value(of: "dead_letters_oldest_seconds", in: text) ?? 0
            return count > 0 ? .wrong("\(Int(count)), the oldest \(Int(age)) s old") : .fine
        }
    }

    private static func value(of metric: String, in text: String) -> Double? { Gauge.value(of: metric, in: text) }

    /// What is wrong; `nil` when all is well.
    func problem(_ http: OutboundHTTP) async -> Problem? {
        var request = OutboundRequest(.get, url, headers: headers)
        request.deadline = .seconds(2)
        do {
            let response = try await http.send(request, .service)
            guard response.status != 200 else {
                switch finding(response) {
                case .fine: return nil
                case .wrong(let text): return Problem(text: text, remedy: remedy)
                case .unknown: return Problem(text: "not known, as the database is away", remedy: Self.awaited)
                }
            }
            // A body in another format adds nothing to the status.
            let failing = (try? JSONValue.parse(response.body))?["failing"]?.array?.compactMap(\.string) ?? []
            let parts = failing.isEmpty ? "" : ", not ready: \(failing.joined(separator: ", "))"
            return Problem(text: "answers \(response.status)\(parts)", remedy: silenceRemedy)
        } catch {
            return Problem(text: "nothing answers at \(url)", remedy: silenceRemedy)
        }
    }
}
