import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import Command

/// The promise under test: `doctor` says what helps against what is wrong, and not against what might have been.
@Suite struct CheckupTests {
    private static let letters = Checkup.deadLetters(of: .jobs, at: "http://127.0.0.1:8083")

    @Test func `a part that does not answer is to be started, whatever else it would be asked`() async throws {
        let http = OutboundHTTP(logger: .quiet)
        // Nobody listens on the port of tcpmux.
        let problem = await Self.letters.asked(at: "http://127.0.0.1:1/metrics").problem(http)
        #expect(problem?.text == "nothing answers at http://127.0.0.1:1/metrics")
        #expect(problem?.remedy.contains("when its service is ready") == true)
        await http.shutdown()
    }

    @Test(
        arguments: [
            (200, "dead_letters 0.0\n", nil), (200, "dead_letters 2.0\n", "2, the oldest 0 s old"),
            (200, "dead_letters nan\n", "not known, as the database is away"), (503, "", "answers 503"),
        ] as [(Int, String, String?)])
    func `what answers is judged by its answer`(status: Int, body: String, text: String?) async throws {
        let http = OutboundHTTP(logger: .quiet)
        try await LocalServer.serve { _ in
            LocalServer.Answer(status: status, text: body)
        } _: { url in
            let problem = await Self.letters.asked(at: url).problem(http)
            #expect(problem?.text == text)
            let saysWhatHelpsAgainstLetters = problem?.remedy.contains("Dead letters") ?? false
            #expect(saysWhatHelpsAgainstLetters == (text?.hasPrefix("2") == true))
        }
        await http.shutdown()
    }

    @Test func `what runs on other machines is asked there, and make is not what helps`() throws {
        let environment = ["AUTH_URL": "http://auth:8080", "GATEWAY_URL": "http://gateway:8080", "JOBS_URL": ""]
        let places = try ServicePlaces(environment, port: 9000)
        let checks = Checkup.all(at: places, logs: ".local/logs", environment)
        func check(_ name: String) -> Checkup? { checks.first { $0.name == name } }
        #expect(check("guildhall-auth")?.url == "http://auth:8080/health/ready")
        #expect(check("guildhall-auth")?.silenceRemedy.contains("make up") == false)
        #expect(check("dead letters of auth")?.url == "http://auth:8080/metrics")
        #expect(check("guildhall-jobs")?.url == "http://127.0.0.1:9003/health/ready")
        #expect(check("guildhall-jobs")?.silenceRemedy.contains("make up") == true)
        #expect(check("gateway")?.url == "http://gateway:8080/api/health")
    }

    @Test(
        arguments: [
            ([:], false), (["SANDBOX_URL": ""], false), (["SANDBOX_URL": "http://127.0.0.1:8089"], true),
        ] as [([String: String], Bool)])
    func `the sandbox is missed where it belongs, and nowhere else`(
        environment: [String: String], isChecked: Bool
    ) throws {
        let checks = try Checkup.all(at: ServicePlaces(environment), logs: ".local/logs", environment)
        #expect(checks.contains { $0.name == "guildhall-sandbox" } == isChecked)
        #expect(checks.contains { $0.name == "dead letters of sandbox" } == isChecked)
        #expect(checks.contains { $0.name == "dead letters of web" } == false)
    }

    @Test func `the port is the one that was asked for, that of the environment, or the usual one`() throws {
        #expect(try ServicePlaces(["GUILDHALL_PORT": "9000"], port: 9100).gateway == "http://127.0.0.1:9100")
        #expect(try ServicePlaces(["GUILDHALL_PORT": "9000"]).gateway == "http://127.0.0.1:9000")
        #expect(try ServicePlaces([:]).url(of: .auth) == "http://127.0.0.1:8081")
        #expect(throws: (any Error).self) { try ServicePlaces(["GUILDHALL_PORT": "high"]) }
    }
}

extension Checkup {
    fileprivate func asked(at url: String) -> Self {
        Self(name: name, url: url, silenceRemedy: silenceRemedy, remedy: remedy, finding: finding)
    }
}
