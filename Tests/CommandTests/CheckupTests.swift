import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import Command

/// The promise under test: `doctor` says what helps against what is wrong, and not against what might have been.
@Suite struct CheckupTests {
    private static let letters = Checkup.deadLetters(of: .jobs, port: 8080)

    @Test func `a part that does not answer is to be started, whatever else it would be asked`() async throws {
        let http = OutboundHTTP(logger: .quiet)
        // Nobody listens on the port of tcpmux.
        let problem = await Self.letters.asked(at: "http://127.0.0.1:1/metrics").problem(http)
        #expect(problem?.text == "nothing answers at http://127.0.0.1:1/metrics")
        #expect(problem?.remedy.contains("make status") == true)
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
}

extension Checkup {
    fileprivate func asked(at url: String) -> Self {
        Self(name: name, url: url, silenceRemedy: silenceRemedy, remedy: remedy, finding: finding)
    }
}
