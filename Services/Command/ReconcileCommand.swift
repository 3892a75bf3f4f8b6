import ArgumentParser
import Foundation
import Logging
import OutboundHTTP
import SharedModels

struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Tells whether the ledger and Stripe agree; exits with 1 when not.")

    /// Longer than three comparisons take.
    private static let longestAge = 120.0

    @Option(help: "The gateway's port; payments' follows from it, unless PAYMENTS_URL says otherwise.")
    var port: Int?

    func run() async throws {
        let places = try ServicePlaces(ProcessInfo.processInfo.environment, port: port)
        let http = OutboundHTTP(logger: Logger(label: "reconcile"))
        let answer = await text(from: places.url(of: .payments) + "/metrics", http)
        await http.shutdown()
        guard let answer else { throw failing("payments does not answer; look into its log") }
        guard let drift = Gauge.value(of: "payments_ledger_drift_minor", in: answer),
            let age = Gauge.value(of: "payments_ledger_compared_seconds", in: answer), age <= Self.longestAge
        else { throw failing("the ledger was not compared with Stripe in the last two minutes") }
        guard drift == 0 else {
            throw failing(
                "the ledger and Stripe differ by \(Int(drift)) minor units; see /api/admin/escrow/cases?status=open")
        }
        print("ok   the ledger and Stripe agree, as of \(Int(age)) s ago")
    }

    /// Says why, and exits with 1.
    private func failing(_ reason: String) -> ExitCode {
        print("FAIL \(reason)")
        return ExitCode(1)
    }

    private func text(from url: String, _ http: OutboundHTTP) async -> String? {
        var request = OutboundRequest(.get, url)
        request.deadline = .seconds(5)
        // Whatever went wrong, nothing is known.
        guard let response = try? await http.send(request, .service), response.status == 200 else { return nil }
        return String(decoding: response.body, as: UTF8.self)
    }
}

/// What services tell of themselves.
enum Gauge {
    /// A gauge without labels, read from Prometheus text. A value that is not a number counts as unknown.
    static func value(of metric: String, in text: String) -> Double? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(metric) ") }
        return line.flatMap { Double($0.dropFirst(metric.count + 1)) }.flatMap { $0.isFinite ? $0 : nil }
    }
}
